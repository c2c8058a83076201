import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { putObject } from '../../../s3/upload/putObject';
import { send } from '../../engine/bucket';
import type { Fault } from '../../servers/embedded';
import { Downloads, large, MiB, MORE_THAN_SOCKETS, RANGE, small } from './downloads';

const downloads = new Downloads('downloads');
const { bucket } = downloads;
const objects = { small, large };

beforeEach(async () => {
	for (const [key, bytes] of Object.entries(objects)) await downloads.store(key, bytes);
});

describe.each(['small', 'large'] as const)('%s', (key) => {
	const bytes = objects[key];
	const fault = (effect: Fault['effect'], more: Partial<Fault> = {}) => {
		downloads.server.faults.add({ operation: 'GetObject', effect, ...more });
	};

	it.each<[string, Fault['effect']]>([
		['a reset before the first byte', { kind: 'resetAnswer', afterBytes: 0 }],
		['a reset after the first byte', { kind: 'resetAnswer', afterBytes: 1 }],
		['a reset in the middle', { kind: 'resetAnswer', afterBytes: 1.5 * MiB }],
		['a reset before the last byte', { kind: 'resetAnswer', afterBytes: 3 * MiB - 1 }],
		['a reset after the last byte', { kind: 'resetAnswer', afterBytes: 3 * MiB }],
		['a response that ends short', { kind: 'truncate', afterBytes: MiB }],
		['an empty response', { kind: 'truncate', afterBytes: 0 }],
		['no response at all', { kind: 'resetRequest', afterBytes: 0 }],
		['SlowDown', { kind: 'answer', status: 503, code: 'SlowDown' }],
	])(`a ${key} object is whole after %s`, async (_, effect) => {
		fault(effect, { times: 1 });
		expect((await downloads.get(key)).equals(bytes)).toBe(true);
	});

	it(`a ${key} object is whole from a slow server`, async () => {
		fault({ kind: 'slow', bytesPerSecond: 20 * MiB });
		expect((await downloads.get(key)).equals(bytes)).toBe(true);
	});

	it(`a ${key} object is whole over connections that break again and again`, async () => {
		fault({ kind: 'resetAnswer', afterBytes: MiB }, { times: 25 });
		expect((await downloads.get(key)).equals(bytes)).toBe(true);
	});

	it(`a ${key} object of which no further byte comes is an error`, async () => {
		fault({ kind: 'resetAnswer', afterBytes: MiB }, { times: 1 });
		fault({ kind: 'resetAnswer', afterBytes: 0 }, { skip: 1 });
		await expect(downloads.get(key)).rejects.toMatchObject({
			kind: 'corrupt',
			bucket,
			key,
			message: expect.stringContaining('broke off after') as string,
		});
	});

	it(`a ${key} object that is replaced meanwhile is an error`, async () => {
		fault({ kind: 'resetAnswer', afterBytes: MiB }, { times: 1 });
		const { body } = await downloads.open(key);
		await downloads.store(key, Buffer.concat([bytes.subarray(1), Buffer.from('x')]));
		await expect(buffer(body)).rejects.toMatchObject({
			kind: 'corrupt',
			message: expect.stringContaining('was replaced while it was being read') as string,
		});
	});

	it(`a ${key} object that is deleted meanwhile is an error`, async () => {
		fault({ kind: 'resetAnswer', afterBytes: MiB }, { times: 1 });
		const { body } = await downloads.open(key);
		await send(downloads.server.credential, 'DELETE', `/${bucket}/${key}`);
		await expect(buffer(body)).rejects.toMatchObject({ kind: 'notFound', bucket, key });
	});

	it(`a ${key} object whose rest comes without a range is an error`, async () => {
		fault({ kind: 'resetAnswer', afterBytes: MiB }, { times: 1 });
		const { body } = await downloads.open(key);
		fault({ kind: 'answer', status: 200, body: 'x'.repeat(5000) });
		await expect(buffer(body)).rejects.toMatchObject({ kind: 'corrupt' });
	});

	it(`a download of a ${key} object stops when it is cancelled in the middle`, async () => {
		const controller = new AbortController();
		fault({ kind: 'slow', bytesPerSecond: 10 * MiB });
		const { body } = await downloads.open(key, { signal: controller.signal });
		const failed = expect(buffer(body)).rejects.toMatchObject({
			kind: 'cancelled',
			message: `Could not get “${key}” in bucket “${bucket}”: it was cancelled`,
		});
		body.once('data', () => {
			controller.abort();
		});
		await failed;
	});

	it(`a ${key} object that nobody reads keeps no memory and no connection`, async () => {
		for (let i = 0; i < MORE_THAN_SOCKETS; i++) {
			const { body } = await downloads.open(key);
			body.destroy();
		}
		await downloads.memoryIsFree();
		expect((await downloads.get(key)).equals(bytes)).toBe(true);
	});

	it.each<[string, Fault['effect']]>([
		['first', { kind: 'stallAnswer', afterBytes: 0.75 * MiB }],
		['later', { kind: 'stall' }],
	])(
		`a reader that turns away from a ${key} object does not wait for a %s response that stalls`,
		async (which, effect) => {
			const { requests } = downloads.server;
			const isLater: Fault['when'] = ({ headers }) => headers.range !== undefined;
			if (which === 'later') fault({ kind: 'truncate', afterBytes: MiB });
			fault(effect, which === 'later' ? { when: isLater } : {});
			for (const error of [undefined, new Error('not wanted')]) {
				requests.length = 0;
				const { body } = await downloads.open(key);
				await once(body, 'data');
				while (which === 'later' && requests.length < 2) await nextTurn();
				body.destroy(error);
				const closed = await once(body, 'close').catch((reason: unknown) => reason);
				expect(closed).toEqual(error ?? []);
			}
			await downloads.memoryIsFree();
		},
	);
});

it.each([
	['in the first response', 0],
	['in a later response', 1],
])(
	'the socket of a body that is destroyed while the server is silent %s is closed at once',
	async (_, skip) => {
		downloads.server.faults.add(
			{ times: skip, effect: { kind: 'truncate', afterBytes: MiB } },
			{ skip, times: 1, effect: { kind: 'stallAnswer', afterBytes: 1.5 * MiB } },
		);
		const { body } = await downloads.open('small');
		let bytes = 0;
		body.on('data', (chunk: Buffer) => (bytes += chunk.length));
		while (bytes < (skip + 1) * MiB) await nextTurn();
		body.destroy();
		const { inFlight } = downloads.server;
		while (inFlight.size > 0) await nextTurn();
		expect(downloads.server.requests).toHaveLength(skip + 1);
	},
	2000,
);

it('a small object takes one request, a large one as many as it has ranges', async () => {
	await downloads.get('small');
	expect(downloads.ranges).toEqual([undefined]);
	downloads.server.requests.length = 0;
	await downloads.get('large');
	expect(downloads.server.requests.every(({ operation }) => operation === 'GetObject')).toBe(true);
	expect(downloads.ranges).toEqual([
		undefined,
		`bytes=${MiB}-${RANGE - 1}`,
		`bytes=${RANGE}-${2 * RANGE - 1}`,
		`bytes=${2 * RANGE}-${3 * RANGE - 1}`,
		`bytes=${3 * RANGE}-${large.length - 1}`,
	]);
});

it('many downloads one after the other go over one connection', async () => {
	await downloads.store('tiny', large.subarray(0, 36));
	await downloads.store('empty', large.subarray(0, 0));
	for (let i = 0; i < 10; i++) {
		for (const key of ['tiny', 'empty', 'small']) await downloads.get(key);
		await downloads.get('small', { range: 'bytes=100-' });
	}
	const { requests } = downloads.server;
	expect(requests).toHaveLength(40);
	expect(new Set(requests.map(({ port }) => port)).size).toBe(1);
});

it('a version that is no longer the newest is read to its end', async () => {
	const { server, s3 } = downloads;
	const { credential } = server;
	server.store.makeBucket('versions');
	const body = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
	await send(credential, 'PUT', '/versions?versioning', { body });
	const put = async (bytes: Buffer) => {
		const open = () => Promise.resolve(Readable.from([bytes], { objectMode: false }));
		const source = { size: bytes.length, open };
		const request = { bucket: 'versions', key: 'large', source };
		return await putObject(s3, request, { signal: undefined });
	};
	const { versionId } = await put(large);
	await put(Buffer.from('new'));
	server.faults.add({
		operation: 'GetObject',
		times: 2,
		effect: { kind: 'resetAnswer', afterBytes: MiB },
	});
	const opened = await downloads.open('large', { bucket: 'versions', versionId });
	expect((await buffer(opened.body)).equals(large)).toBe(true);
	expect(opened.head.versionId).toBe(versionId);
});

it('a version that is a delete marker is said to be one', async () => {
	const { server } = downloads;
	const { credential } = server;
	server.store.makeBucket('marked');
	const body = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
	await send(credential, 'PUT', '/marked?versioning', { body });
	await send(credential, 'PUT', '/marked/key', { body: 'old' });
	const { headers } = await send(credential, 'DELETE', '/marked/key');
	const versionId = headers.get('x-amz-version-id') ?? '';
	const opened = downloads.open('key', { bucket: 'marked', versionId });
	await expect(opened).rejects.toMatchObject({
		status: 405,
		message: 'Could not get “key” in bucket “marked”: this version is a delete marker',
	});
});

it('an object that is stored as gzip is not unpacked', async () => {
	const stored = gzipSync(randomBytes(20 * MiB), { level: 1 });
	await downloads.store('gzip', stored, { contentEncoding: 'gzip', checksum: 'CRC32' });
	const { head, body, verified } = await downloads.open('gzip');
	expect((await buffer(body)).equals(stored)).toBe(true);
	expect(head).toMatchObject({ contentEncoding: 'gzip', size: stored.length });
	expect(verified()).toBe(true);
});

it.each([
	['bytes=0-0', 0, 1],
	[`bytes=100-${20 * MiB}`, 100, 20 * MiB + 1],
	['bytes=5-', 5, large.length],
	['bytes=-9', large.length - 9, large.length],
])('the range %s is whole after a break', async (range, start, end) => {
	downloads.server.faults.add({
		operation: 'GetObject',
		times: 1,
		effect: { kind: 'resetAnswer', afterBytes: 0 },
	});
	expect((await downloads.get('large', { range })).equals(large.subarray(start, end))).toBe(true);
});

it('a whole object in place of a range is an error', async () => {
	downloads.server.faults.add({
		operation: 'GetObject',
		effect: { kind: 'answer', status: 200, body: 'all' },
	});
	await expect(downloads.get('small', { range: 'bytes=1-2' })).rejects.toMatchObject({
		kind: 'corrupt',
		message: expect.stringContaining('ignored the range') as string,
	});
});

it('an object is read though the server does not write when it was modified as a date', async () => {
	const headers = { 'last-modified': '2015-10-21', etag: '"a"' };
	downloads.server.faults.add({
		operation: 'GetObject',
		effect: { kind: 'answer', status: 200, headers, body: 'all' },
	});
	const { head, body } = await downloads.open('small');
	expect(head).toMatchObject({ etag: 'a', lastModified: undefined });
	expect((await buffer(body)).toString()).toBe('all');
});
