import { deleteBatch } from '../../../../s3/objects/deleteBatch';
import type { DeleteRequest } from '../../../../s3/objects/deleteObject';
import { rejectionOf } from '../../failureOf';
import { refusal, scriptedS3 } from './scriptedS3';

/** No time is left after a first failure, so that as few attempts are made as possible. */
const call = { signal: undefined, retryFor: 0.001 };
const requestsFor = (...keys: string[]): DeleteRequest[] =>
	keys.map((key) => ({ bucket: 'b', key }));

interface Asked {
	Key: string;
	VersionId?: string;
}

const askedIn = (input: Record<string, unknown>): Asked[] =>
	(input.Delete as { Objects: Asked[] }).Objects;

/** Deletes on a server that gives these responses in turn, the last one from then on. */
async function del(requests: DeleteRequest[], ...responses: unknown[]) {
	const { s3, sent } = scriptedS3((_, { length }) => {
		const response = responses[Math.min(length, responses.length) - 1];
		if (response instanceof Error) throw response;
		return response;
	});
	const outcomes = await deleteBatch(s3, requests, call);
	const asked = sent.map(({ input }) =>
		askedIn(input)
			.map(({ Key }) => Key)
			.join(' '),
	);
	return { asked, sent, outcomes: requests.map((request) => outcomes.get(request)) };
}

const error = (Key: string, Code: string, more: object = {}) => ({ Key, Code, ...more });
const deleted = (...keys: string[]) => keys.map((Key) => ({ Key }));

beforeEach(() => {
	// No waiting between attempts.
	jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
	jest.restoreAllMocks();
});

describe('a batch', () => {
	it('a batch is sent as one request that wants to hear of every key, with the checksum that every server knows', async () => {
		const shared = { mfa: 'm 1', bypassGovernance: true, requestPayer: true };
		const requests = [
			{ ...shared, bucket: 'b', key: 'a', versionId: 'v' },
			{ ...shared, bucket: 'b', key: 'b', versionId: 'w' },
		];
		const { sent } = await del(requests, {});
		expect(sent).toEqual([
			{
				name: 'DeleteObjects',
				input: {
					Bucket: 'b',
					MFA: 'm 1',
					BypassGovernanceRetention: true,
					RequestPayer: 'requester',
					ExpectedBucketOwner: undefined,
					ChecksumAlgorithm: 'MD5',
					Delete: {
						Quiet: false,
						Objects: [
							{ Key: 'a', VersionId: 'v' },
							{ Key: 'b', VersionId: 'w' },
						],
					},
				},
			},
		]);
	});

	it('a batch says of each key what became of it, in whatever order the server does', async () => {
		const requests = [
			...requestsFor('plain', 'marked'),
			{ bucket: 'b', key: 'k', versionId: 'v' },
			{ bucket: 'b', key: 'k', versionId: 'm' },
		];
		const { outcomes } = await del(requests, {
			Deleted: [
				{ Key: 'k', VersionId: 'm', DeleteMarker: true, DeleteMarkerVersionId: 'm' },
				{ Key: 'k', VersionId: 'v' },
				{ Key: 'marked', DeleteMarker: true, DeleteMarkerVersionId: 'new' },
				{ Key: 'plain' },
			],
		});
		expect(outcomes).toEqual([
			{ bucket: 'b', key: 'plain', versionId: undefined, deleteMarker: false, deleted: true },
			{ bucket: 'b', key: 'marked', versionId: 'new', deleteMarker: true, deleted: true },
			{ bucket: 'b', key: 'k', versionId: 'v', deleteMarker: false, deleted: true },
			{ bucket: 'b', key: 'k', versionId: 'm', deleteMarker: true, deleted: true },
		]);
	});

	it.each([
		['AccessDenied', 'denied', 'access denied: The server’s own words'],
		['NoSuchBucket', 'notFound', 'the bucket does not exist'],
		['PreconditionFailed', 'precondition', 'the condition of the request was not met'],
		['InvalidArgument', 'rejected', 'The server’s own words'],
		['SomethingNew', 'rejected', 'The server’s own words'],
	])('one key of a batch fails alone with the error %s', async (code, kind, words) => {
		const Errors = [error('b', code, { Message: 'The server’s own words.' })];
		const { asked, outcomes } = await del(requestsFor('a', 'b'), { Deleted: deleted('a'), Errors });
		expect(asked).toEqual(['a b']);
		expect(outcomes[0]).toMatchObject({ key: 'a', deleted: true });
		expect(outcomes[1]).toMatchObject({
			kind,
			code,
			operation: 'DeleteObjects',
			message: `Could not delete “b” in bucket “b”: ${words}`,
			bucket: 'b',
			key: 'b',
		});
	});

	it('a key or version that may not be deleted names the permission that it needs', async () => {
		const requests = [...requestsFor('a'), { bucket: 'b', key: 'a', versionId: 'v' }];
		const Errors = [error('a', 'AccessDenied'), error('a', 'AccessDenied', { VersionId: 'v' })];
		const { outcomes } = await del(requests, { Errors });
		expect(outcomes[0]).toMatchObject({
			advice: 'The identity of the credential needs s3:DeleteObject on arn:aws:s3:::b/a.',
		});
		expect(outcomes[1]).toMatchObject({
			advice: 'The identity of the credential needs s3:DeleteObjectVersion on arn:aws:s3:::b/a.',
		});
	});

	it('a version that may not be deleted under retention names the permission to bypass it', async () => {
		const request = { bucket: 'b', key: 'a', versionId: 'v', bypassGovernance: true };
		const Errors = [error('a', 'AccessDenied', { VersionId: 'v' })];
		const { outcomes } = await del([request], { Errors });
		expect(outcomes[0]).toMatchObject({
			advice:
				'The identity of the credential needs s3:DeleteObjectVersion, s3:BypassGovernanceRetention on arn:aws:s3:::b/a.',
		});
	});

	it('a key that may not be deleted is named in the partition of the region', async () => {
		const response = { Errors: [error('a', 'AccessDenied')] };
		const { s3 } = scriptedS3(() => response, { region: 'cn-north-1' });
		const [request] = requestsFor('a');
		const outcomes = await deleteBatch(s3, [request!], call);
		expect(outcomes.get(request!)).toMatchObject({
			advice: 'The identity of the credential needs s3:DeleteObject on arn:aws-cn:s3:::b/a.',
		});
	});

	it('a key fails with the code if the server says nothing else', async () => {
		const Errors = [error('a', 'SomethingNew', { Message: '' }), { Key: 'b' }];
		const { outcomes } = await del(requestsFor('a', 'b'), { Errors });
		expect(outcomes[0]).toMatchObject({
			message: 'Could not delete “a” in bucket “b”: SomethingNew',
		});
		expect(outcomes[1]).toMatchObject({ kind: 'rejected' });
	});

	it.each(['NoSuchKey', 'NoSuchVersion'])(
		'a key of which the server says %s counts as deleted',
		async (code) => {
			const { outcomes } = await del(requestsFor('a'), { Errors: [error('a', code)] });
			expect(outcomes).toEqual([
				{ bucket: 'b', key: 'a', versionId: undefined, deleteMarker: false, deleted: true },
			]);
		},
	);

	it('a key fails if the server says nothing of it', async () => {
		const versions = ['v', 'w'].map((versionId) => ({ bucket: 'b', key: 'k', versionId }));
		const requests = [...requestsFor('a', 'b'), ...versions];
		// What is said of a key is not said of its versions.
		const { outcomes } = await del(requests, {
			Deleted: [{ Key: 'a' }, { Key: 'k' }, { Key: 'k', VersionId: 'v' }],
		});
		expect(outcomes.map((outcome) => outcome instanceof Error)).toEqual([false, true, false, true]);
		expect(outcomes[1]).toMatchObject({
			kind: 'corrupt',
			message: 'Could not delete “b” in bucket “b”: the server did not say what became of it',
		});
	});
});

describe('what the server failed at', () => {
	it('what the server failed at is sent again by itself, and no other key', async () => {
		const Errors = [
			error('b', 'InternalError'),
			error('c', 'AccessDenied'),
			error('d', 'SlowDown'),
		];
		const { asked, outcomes } = await del(
			requestsFor('a', 'b', 'c', 'd'),
			{ Deleted: deleted('a'), Errors },
			{ Deleted: deleted('b'), Errors: [error('d', 'ServiceUnavailable')] },
			{ Deleted: deleted('d') },
		);
		expect(asked).toEqual(['a b c d', 'b d', 'd']);
		expect(outcomes.map((outcome) => outcome instanceof Error)).toEqual([
			false,
			false,
			true,
			false,
		]);
	});

	it('what the server failed at fails in the end, each key with its own error', async () => {
		const Errors = [error('a', 'InternalError'), error('b', 'ServiceUnavailable')];
		const { asked, outcomes } = await del(requestsFor('a', 'b'), { Errors });
		expect(asked).toHaveLength(5);
		expect(outcomes).toMatchObject([
			{ key: 'a', code: 'InternalError', kind: 'unavailable' },
			{ key: 'b', code: 'ServiceUnavailable', kind: 'unavailable' },
		]);
	});

	it('what the server throttles is sent no more often than anything else when the time is short', async () => {
		const { asked, outcomes } = await del(requestsFor('a'), { Errors: [error('a', 'SlowDown')] });
		expect(asked).toHaveLength(5);
		expect(outcomes[0]).toMatchObject({ kind: 'throttled', key: 'a' });
	});

	it('what the server failed at may fail otherwise the next time, or be left out', async () => {
		const first = { Errors: [error('a', 'InternalError'), error('b', 'InternalError')] };
		const { outcomes } = await del(requestsFor('a', 'b'), first, {
			Errors: [error('a', 'AccessDenied')],
		});
		expect(outcomes).toMatchObject([{ kind: 'denied' }, { kind: 'corrupt' }]);
	});

	it('what the server failed at fails as its repetition does, and what is done stays done', async () => {
		const unreachable = refusal({ kind: 'unreachable', retryable: true });
		const { asked, outcomes } = await del(
			requestsFor('a', 'b', 'c'),
			{ Deleted: deleted('a'), Errors: [error('b', 'SlowDown'), error('c', 'SlowDown')] },
			unreachable,
		);
		// The SDK has repeated that one already.
		expect(asked).toEqual(['a b c', 'b c']);
		expect(outcomes).toEqual([expect.objectContaining({ key: 'a' }), unreachable, unreachable]);
	});
});

describe('a request that is refused as a whole', () => {
	it('a request that is refused as a whole throws, and is not sent again', async () => {
		const unreachable = refusal({ kind: 'unreachable', retryable: true });
		const { s3, sent } = scriptedS3(() => {
			throw unreachable;
		});
		expect(await rejectionOf(deleteBatch(s3, requestsFor('a', 'b'), call))).toBe(unreachable);
		expect(sent).toHaveLength(1);
	});
});

it('a batch that is cancelled while it waits sends nothing further', async () => {
	jest.spyOn(Math, 'random').mockReturnValue(1);
	const controller = new AbortController();
	const { s3, sent } = scriptedS3(() => {
		setImmediate(() => controller.abort());
		return { Deleted: deleted('a'), Errors: [error('b', 'SlowDown')] };
	});
	const requests = requestsFor('a', 'b');
	const outcomes = await deleteBatch(s3, requests, { signal: controller.signal });
	expect(sent).toHaveLength(1);
	expect(requests.map((request) => outcomes.get(request))).toMatchObject([
		{ deleted: true },
		{ kind: 'cancelled' },
	]);
});
