/** Bulk deletions on servers that fail, forget, or do not have them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3 } from '../../../s3/client/S3';
import { openS3 } from '../../../s3/client/openS3';
import type { DeleteOutcome } from '../../../s3/objects/deleteBatch';
import { deleteObjects } from '../../../s3/objects/deleteObjects';
import type { DeleteRequest } from '../../../s3/objects/deleteObjects';
import type { Call } from '../../../s3/Call';
import { connectionTo } from '../../servers/connectionTo';
import { issue } from '../../servers/rolesAnywhere/authority';
import { withConnection } from '../../servers/withServer';
import { asAws } from '../asAws';
import { bucket, call, objectServer } from './objectServer';

const objects = objectServer();
const operation = 'DeleteObjects';
const requestsFor = (keys: readonly string[]): DeleteRequest[] =>
	keys.map((key) => ({ bucket, key }));

/** What became of each key, in their order. */
async function del(
	keys: readonly string[] | DeleteRequest[],
	s3: S3 = objects.s3,
	how: Call = call,
): Promise<DeleteOutcome[]> {
	const requests = keys.map((key) => (typeof key === 'string' ? { bucket, key } : key));
	const outcomes: DeleteOutcome[] = [];
	for await (const { index, outcome } of deleteObjects(s3, requests, how)) {
		outcomes[index] = outcome;
	}
	return outcomes;
}

const store = (...keys: string[]) => objects.server.store.putMany(bucket, keys, 3);
const left = (...keys: string[]) => keys.filter((key) => objects.stored(key) !== undefined);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `key ${index}`);

it('a bulk deletion whose response was lost is sent again, and is done', async () => {
	store('a', 'b');
	objects.server.faults.add({ operation, times: 1, effect: { kind: 'loseAnswer' } });
	expect(await del(['a', 'b'])).toMatchObject([{ deleted: true }, { deleted: true }]);
	expect(objects.operations()).toEqual([operation, operation]);
	expect(left('a', 'b')).toEqual([]);
});

it('a bulk deletion fails for every key if no response ever comes', async () => {
	store('a', 'b');
	objects.server.faults.add({ operation, effect: { kind: 'loseAnswer' } });
	expect(await del(['a', 'b'])).toMatchObject([
		{ kind: 'unreachable', operation },
		{ kind: 'unreachable', operation },
	]);
	// More are sent while there is time left for repetitions.
	expect(objects.operations().length).toBeGreaterThanOrEqual(5);
});

it.each(['AccessDenied', 'InvalidRequest', 'PreconditionFailed'])(
	'a key that is refused with %s fails, and the others are deleted',
	async (code) => {
		store('a', 'b', 'c');
		const effect = { kind: 'refuseKeys', keys: ['b'], code } as const;
		objects.server.faults.add({ operation, effect });
		expect(await del(['a', 'b', 'c'])).toMatchObject([
			{ key: 'a', deleted: true },
			{ key: 'b', code },
			{ key: 'c', deleted: true },
		]);
		expect(objects.operations()).toEqual([operation]);
		expect(left('a', 'b', 'c')).toEqual(['b']);
	},
);

it.each(['InternalError', 'SlowDown', 'ServiceUnavailable'])(
	'keys that the server fails at with %s are sent again until they are deleted, and no others',
	async (code) => {
		store('a', 'b', 'c');
		objects.server.faults.add(
			{ operation, times: 1, effect: { kind: 'refuseKeys', keys: ['b', 'c'], code } },
			{ operation, skip: 1, times: 1, effect: { kind: 'refuseKeys', keys: ['c'], code } },
		);
		const outcomes = await del(['a', 'b', 'c']);
		expect(outcomes.map((outcome) => outcome instanceof Error)).toEqual([false, false, false]);
		const sizes = objects.sent(operation).map(({ bytesReceived }) => bytesReceived);
		expect(sizes).toHaveLength(3);
		expect(sizes).toEqual([...sizes].sort((x, y) => y - x));
		expect(left('a', 'b', 'c')).toEqual([]);
	},
);

it('a key that the response leaves out fails, although it is deleted', async () => {
	store('a', 'b');
	objects.server.faults.add({ operation, effect: { kind: 'omitKeys', keys: ['b'] } });
	const outcomes = await del(['a', 'b', 'nothing']);
	expect(outcomes).toMatchObject([
		{ deleted: true },
		{ kind: 'corrupt', key: 'b', advice: expect.stringContaining('Look for') as string },
		{ deleted: true },
	]);
});

it('no key counts as deleted if the response breaks off or is no response of S3', async () => {
	store('a', 'b');
	const whole = '<DeleteResult><Deleted><Key>a</Key></Deleted><Deleted><Key>b</Key></Deleted>';
	const headers = { 'content-type': 'text/html' };
	for (const body of [whole, '<html>Welcome</html>', '']) {
		const effect = { kind: 'answer', status: 200, body, headers } as const;
		objects.server.faults.clear();
		objects.server.faults.add({ operation, effect });
		const outcomes = await del(['a', 'b']);
		expect(outcomes.map((outcome) => outcome instanceof Error)).toEqual([true, true]);
	}
});

it('keys of every kind are deleted, those that XML cannot carry by themselves', async () => {
	const odd = ['\u0001', 'a\u0000b', 'new\nline', 'tab\t', '\ufffe', 'del\u007f'];
	const plain = [
		'a b',
		'&amp;',
		'<Key>',
		']]>',
		'é',
		'e\u0301',
		'😀',
		' ',
		'//',
		'../x',
		'x'.repeat(1024),
	];
	store(...odd, ...plain);
	const outcomes = await del([...odd, ...plain]);
	expect(outcomes.map((outcome) => outcome instanceof Error)).not.toContain(true);
	expect(objects.bucket.isEmpty).toBe(true);
	expect(objects.sent(operation)).toHaveLength(1);
	expect(objects.sent('DeleteObject')).toHaveLength(odd.length);
});

it('a key that leads out of the only bucket is refused, and the others are deleted', async () => {
	store('a', 'b');
	const only = { bucket, bucketOnly: true };
	const s3 = await openS3(connectionTo(objects.server, only));
	expect(await del(['a', '../other/x', 'b'], s3)).toMatchObject([
		{ deleted: true },
		{ kind: 'refused', key: '../other/x' },
		{ deleted: true },
	]);
	expect(objects.operations()).toEqual([operation]);
});

it('versions and objects are deleted by requests of their own, and say what became of them', async () => {
	objects.bucket.versioning = 'Enabled';
	const { versionId } = await objects.put('a');
	await objects.put('a');
	await objects.put('b');
	const [version, marked, other, unknown] = await del([
		{ bucket, key: 'a', versionId },
		{ bucket, key: 'a' },
		{ bucket, key: 'b' },
		{ bucket, key: 'a', versionId: 'unknown' },
	]);
	expect(version).toMatchObject({ versionId, deleteMarker: false });
	expect(marked).toMatchObject({ deleteMarker: true, versionId: expect.any(String) as string });
	expect(other).toMatchObject({ deleteMarker: true });
	expect(unknown).toMatchObject({ versionId: 'unknown', deleted: true });
	expect(objects.operations()).toEqual([operation, operation]);
	const newest = (marked as { versionId: string }).versionId;
	const [removed] = await del([{ bucket, key: 'a', versionId: newest }]);
	expect(removed).toMatchObject({ versionId: newest, deleteMarker: true });
	expect(objects.stored('a')).toBeDefined();
});

describe('a server that refuses the whole request', () => {
	const refusals = [
		{ kind: 'answer', status: 501, code: 'NotImplemented' },
		{ kind: 'answer', status: 405, code: 'MethodNotAllowed' },
		{ kind: 'answer', status: 405, body: '' },
		{ kind: 'answer', status: 400, code: 'InvalidArgument' },
	] as const;

	it.each(refusals)(
		'another server that refuses with %j has its objects deleted one by one',
		async (effect) => {
			const s3 = asEndpoint(objects.s3);
			store('a', 'b');
			objects.server.faults.add({ operation, effect });
			expect(await del(['a', 'b'], s3)).toMatchObject([{ deleted: true }, { deleted: true }]);
			expect(objects.operations()).toEqual([operation, 'DeleteObject', 'DeleteObject']);
			expect(objects.bucket.isEmpty).toBe(true);
		},
	);

	it.each(refusals)('a refusal of AWS with %j fails every key', async (effect) => {
		store('a', 'b');
		objects.server.faults.add({ operation, effect });
		const outcomes = await del(['a', 'b'], asAws(objects.s3));
		expect(outcomes.map((outcome) => outcome instanceof Error)).toEqual([true, true]);
		expect(objects.operations()).toEqual([operation]);
		expect(left('a', 'b')).toEqual(['a', 'b']);
	});

	/** The same connection as a new one, which knows nothing of its server yet. */
	const asEndpoint = (s3: S3): S3 => ({ ...asAws(s3), connection: s3.connection });
});

describe('a bucket with MFA delete', () => {
	const MFA = 'arn:aws:iam::111122223333:mfa/device 123456';
	const { pem: cert, keyPem } = issue({ name: 'S3', hosts: ['127.0.0.1'] });
	const secure = withConnection(
		{ tls: { cert, key: keyPem }, bucketsOfEachTest: [bucket] },
		{ caCertificate: cert },
	);

	it('versions in a bucket with MFA delete go with a code only, and keep no others from being deleted', async () => {
		Object.assign(secure.store.bucket(bucket), { versioning: 'Enabled', mfaDelete: true });
		secure.users.main.mfa = MFA;
		const put = async (key: string) =>
			await secure.s3.send('PutObject', { Bucket: bucket, Key: key, Body: 'x' }, call);
		const { VersionId: versionId } = await put('a');
		const { VersionId: other } = await put('b');
		const asked = (mfa?: string): DeleteRequest[] => [
			{ bucket, key: 'a', versionId, mfa },
			{ bucket, key: 'b', versionId: other, mfa },
			...requestsFor(['c', 'd']).map((request) => ({ ...request, mfa })),
		];
		const marked = [{ deleteMarker: true }, { deleteMarker: true }];
		const denied = { kind: 'denied', code: 'AccessDenied' };
		const wrong = MFA.replace('6', '7');
		for (const mfa of [undefined, wrong]) {
			expect(await del(asked(mfa), secure.s3)).toMatchObject([denied, denied, ...marked]);
		}
		expect(await del([{ bucket, key: 'a', versionId, mfa: wrong }], secure.s3)).toMatchObject([
			denied,
		]);
		const gone = [{ versionId, deleted: true }, { versionId: other }];
		expect(await del(asked(MFA), secure.s3)).toMatchObject([...gone, ...marked]);
	});
});

describe('a bulk deletion that is cancelled', () => {
	it('a bulk deletion that is cancelled sends no further batch', async () => {
		const keys = numbered(12_000);
		store(...keys);
		const controller = new AbortController();
		const outcomes: DeleteOutcome[] = [];
		const requests = requestsFor(keys);
		const { signal } = controller;
		for await (const { index, outcome } of deleteObjects(objects.s3, requests, {
			signal,
			retryFor: 1000,
		})) {
			outcomes[index] = outcome;
			controller.abort();
		}
		const deleted = outcomes.filter((outcome) => !(outcome instanceof Error));
		expect(deleted.length).toBeGreaterThanOrEqual(1000);
		expect(outcomes).toHaveLength(keys.length);
		expect(
			outcomes.filter((outcome) => outcome instanceof Error && outcome.kind !== 'cancelled'),
		).toEqual([]);
		// Of twelve batches four are sent at once; a server may notice one after it is given up.
		await sleep(50);
		expect(objects.sent(operation).length).toBeLessThanOrEqual(4);
	});

	it('a deletion one by one that is cancelled sends no further request', async () => {
		const keys = numbered(500);
		store(...keys);
		const controller = new AbortController();
		const effect = { kind: 'answer', status: 501, code: 'NotImplemented' } as const;
		objects.server.faults.add({ operation, effect });
		const { signal } = controller;
		const s3 = { ...asAws(objects.s3), connection: objects.s3.connection };
		let deleted = 0;
		for await (const { outcome } of deleteObjects(s3, requestsFor(keys), {
			signal,
			retryFor: 1000,
		})) {
			if (!(outcome instanceof Error)) deleted++;
			controller.abort();
		}
		expect(deleted).toBeGreaterThan(0);
		expect(objects.sent('DeleteObject').length).toBeLessThanOrEqual(32);
	});

	it('a bulk deletion that is cancelled beforehand sends nothing', async () => {
		store('a', 'b');
		const outcomes = await del(['a', 'b', 'c\n'], objects.s3, { signal: AbortSignal.abort() });
		expect(outcomes).toMatchObject([
			{ kind: 'cancelled' },
			{ kind: 'cancelled' },
			{ kind: 'cancelled' },
		]);
		expect(objects.operations()).toEqual([]);
	});
});
