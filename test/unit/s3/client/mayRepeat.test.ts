import { Readable } from 'node:stream';
import { isStream, mayRepeat } from '../../../../s3/client/mayRepeat';
import { S3Failure } from '../../../../s3/S3Failure';
import type { FailureDetails } from '../../../../s3/S3Failure';

const object = { Bucket: 'b', Key: 'a' };
const failureWith = (details: Partial<FailureDetails>) =>
	new S3Failure({
		kind: 'unavailable',
		message: '',
		advice: '',
		operation: 'PutObject',
		retryable: true,
		...details,
	});

it.each<[string, Partial<FailureDetails>, boolean]>([
	['the server failed', { status: 500 }, true],
	['a failure says that it will not pass', { retryable: false }, false],
	['a host name is not known', { kind: 'unreachable', code: 'ENOTFOUND', retryable: false }, true],
	['the server does not implement it', { status: 501 }, false],
	['its condition was not met', { kind: 'precondition', status: 409 }, false],
	['no session could be had', { operation: 'AssumeRole' }, false],
])('if %s (%j), a call is repeated: %p', (_, details, expected) => {
	expect(mayRepeat('PutObject', object)(failureWith(details), 3)).toBe(expected);
});

it('a call that was signed for another time is repeated once', () => {
	const rule = mayRepeat('PutObject', object);
	const failure = failureWith({ code: 'RequestTimeTooSkewed', retryable: false });
	expect([rule(failure, 1), rule(failure, 2)]).toEqual([true, false]);
});

it('a call is not repeated if its body is a stream', () => {
	const failure = failureWith({});
	const body = Readable.from([]);
	expect(mayRepeat('PutObject', { ...object, Body: body })(failure, 1)).toBe(false);
	expect([isStream({ Body: body }), isStream({ Body: Buffer.alloc(1) }), isStream({})]).toEqual([
		true,
		false,
		false,
	]);
});
