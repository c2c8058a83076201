import {
	ambiguousFailure,
	mayHaveReachedServer,
	resolveAmbiguousWrite,
} from '../../../../s3/retry/ambiguousWrite';
import type { WriteState } from '../../../../s3/retry/ambiguousWrite';
import { S3Failure } from '../../../../s3/S3Failure';
import type { FailureDetails, FailureKind } from '../../../../s3/S3Failure';
import { rejectionOf } from '../../failureOf';

const failureWith = (details: Partial<FailureDetails>) =>
	new S3Failure({
		kind: 'unreachable',
		message: 'Could not make bucket “b”',
		advice: 'Advice.',
		operation: 'CreateBucket',
		...details,
	});

/** Creating a bucket, which is refused if one's own earlier request has made it. */
const conflict = (details: Partial<FailureDetails> = {}) =>
	failureWith({ kind: 'rejected', status: 409, code: 'BucketAlreadyOwnedByYou', ...details });

const states: Record<string, WriteState<string>> = {
	done: { kind: 'done', found: 'the bucket' },
	notDone: { kind: 'notDone' },
	unknown: { kind: 'unknown' },
};

/** Resolves a failed CreateBucket; counts how often the server was asked. */
function resolve(failure: S3Failure, state: keyof typeof states, sentBefore = false) {
	const stateOfWrite = jest.fn(() => Promise.resolve(states[state]!));
	const found = resolveAmbiguousWrite(
		{ operation: 'CreateBucket', failure, sentBefore },
		{
			conflictsWithItself: ({ code }) => code === 'BucketAlreadyOwnedByYou',
			stateOfWrite,
			refused: (cause) => cause.reworded('refused', ''),
			ambiguous: (cause) => cause.reworded('ambiguous', ''),
		},
	);
	return { found, stateOfWrite };
}

describe('resolveAmbiguousWrite', () => {
	it.each<[string, S3Failure, boolean]>([
		['the last response was lost', failureWith({}), false],
		['the server failed', failureWith({ kind: 'unavailable', status: 500 }), false],
		['an attempt before it met its own work', conflict({ attempts: 2 }), false],
		['an earlier call met its own work', conflict(), true],
	])('resolveAmbiguousWrite asks the server if %s', async (_, failure, sentBefore) => {
		const done = resolve(failure, 'done', sentBefore);
		expect(await done.found).toBe('the bucket');
		expect(done.stateOfWrite).toHaveBeenCalledTimes(1);
		const notDone = resolve(failure, 'notDone', sentBefore);
		expect((await rejectionOf(notDone.found)).message).toBe('refused');
		const unknown = resolve(failure, 'unknown', sentBefore);
		expect((await rejectionOf(unknown.found)).message).toBe('ambiguous');
	});

	it.each<[string, S3Failure, boolean]>([
		['the first request was refused', conflict(), false],
		['the only attempt was refused', conflict({ attempts: 1 }), false],
		['a repetition was refused for another reason', failureWith({ kind: 'denied' }), true],
		['no session could be had for it', failureWith({ operation: 'AssumeRole' }), false],
	])('resolveAmbiguousWrite asks nothing if %s', async (_, failure, sentBefore) => {
		const { found, stateOfWrite } = resolve(failure, 'done', sentBefore);
		expect((await rejectionOf(found)).message).toBe('refused');
		expect(stateOfWrite).not.toHaveBeenCalled();
	});
});

describe('mayHaveReachedServer', () => {
	it.each<[FailureKind, boolean]>([
		['unreachable', true],
		['unavailable', true],
		['throttled', false],
		['denied', false],
		['precondition', false],
		['cancelled', false],
	])('mayHaveReachedServer is, for a failure of kind %s, %s', (kind, expected) => {
		expect(mayHaveReachedServer(failureWith({ kind }))).toBe(expected);
	});
});

it.each([
	[200, true],
	[400, false],
	[undefined, false],
])('damage may have reached the server if it came with the status %p: %p', (status, expected) => {
	expect(mayHaveReachedServer(failureWith({ kind: 'corrupt', status }))).toBe(expected);
});

describe('ambiguousFailure', () => {
	it('ambiguousFailure adds the doubt once to a failure without a response', () => {
		const once = ambiguousFailure(failureWith({}), 'Other words', 'Look at it.');
		expect(once.message).toBe('Could not make bucket “b”');
		expect(once.advice).toBe('Advice. Look at it.');
		expect(ambiguousFailure(once, 'Other words', 'Look at it.')).toBe(once);
	});

	it('ambiguousFailure replaces the words of a refusal, and keeps its facts', () => {
		const failure = ambiguousFailure(conflict(), 'Other words', 'Look at it.');
		expect(failure).toMatchObject({
			message: 'Other words',
			advice: 'Look at it.',
			code: 'BucketAlreadyOwnedByYou',
			status: 409,
		});
	});
});
