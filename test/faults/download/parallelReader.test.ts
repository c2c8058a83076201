import { buffer } from 'node:stream/consumers';
import type { Fault } from '../../servers/embedded';
import { Downloads, large, MiB, RANGE, READ_MEMORY } from './downloads';

const downloads = new Downloads('parallel');
const { bucket } = downloads;

beforeEach(async () => await downloads.store('large', large));

it('a large object goes over few connections: only the first response is left in its middle', async () => {
	for (let i = 0; i < 5; i++) await downloads.get('large');
	const { requests } = downloads.server;
	expect(requests).toHaveLength(5 * 5);
	expect(new Set(requests.map(({ port }) => port)).size).toBeLessThanOrEqual(5 + 3);
});

it.each([
	['a byte before the end of what is taken from the first response', 0, MiB - 1],
	['at the end of what is taken from the first response', 0, MiB],
	['a byte after what is taken from the first response', 0, MiB + 1],
	['before the first byte of a later range', 1, 0],
	['after the first byte of a later range', 1, 1],
	['in the middle of a later range', 2, 5 * MiB],
	['before the last byte of a later range', 2, RANGE - 1],
	['after the last byte of a later range', 2, RANGE],
	['before the last byte of the object', 4, large.length - 3 * RANGE - MiB - 1],
])('a large object is whole after a reset %s', async (_, skip, afterBytes) => {
	for (const kind of ['resetAnswer', 'truncate'] as const) {
		const effect = { kind, afterBytes };
		downloads.server.faults.add({ operation: 'GetObject', skip, times: 1, effect });
		expect((await downloads.get('large')).equals(large)).toBe(true);
	}
});

it.each<[string, Fault['effect']]>([
	['SlowDown', { kind: 'answer', status: 503, code: 'SlowDown' }],
	['InternalError', { kind: 'answer', status: 500 }],
	['no response', { kind: 'resetRequest', afterBytes: 0 }],
])('a large object is whole after %s in the middle', async (_, effect) => {
	downloads.server.faults.add({ operation: 'GetObject', skip: 1, times: 3, effect });
	expect((await downloads.get('large')).equals(large)).toBe(true);
});

it.each<[string, Fault['effect'], string]>([
	['the session expired', { kind: 'answer', status: 400, code: 'ExpiredToken' }, 'credentials'],
	['a permission was taken away', { kind: 'answer', status: 403, code: 'AccessDenied' }, 'denied'],
	['the object was deleted', { kind: 'answer', status: 404, code: 'NoSuchKey' }, 'notFound'],
	[
		'the object was replaced',
		{ kind: 'answer', status: 412, code: 'PreconditionFailed' },
		'corrupt',
	],
])('a large object is an error when %s in the middle', async (_, effect, kind) => {
	downloads.server.faults.add({ operation: 'GetObject', skip: 2, effect });
	await expect(downloads.get('large')).rejects.toMatchObject({ kind, bucket, key: 'large' });
});

it('a large range is read over several connections, pinned to one object', async () => {
	const start = 3 * MiB + 5;
	const end = start + 20 * MiB;
	const range = `bytes=${start}-${end - 1}`;
	expect((await downloads.get('large', { range })).equals(large.subarray(start, end))).toBe(true);
	expect(downloads.ranges).toEqual([
		range,
		`bytes=${start + MiB}-${RANGE - 1}`,
		`bytes=${RANGE}-${2 * RANGE - 1}`,
		`bytes=${2 * RANGE}-${end - 1}`,
	]);
	for (const { headers } of downloads.server.requests.slice(1)) {
		expect(headers['if-match']).toMatch(/^"?[0-9a-f]{32}"?$/);
	}
	const { body } = await downloads.open('large', { range });
	await downloads.store('large', Buffer.concat([large.subarray(1), Buffer.from('x')]));
	await expect(buffer(body)).rejects.toMatchObject({ kind: 'corrupt' });
});

it('bytes that a reader keeps stay what they were', async () => {
	const { body } = await downloads.open('large');
	const kept: Buffer[] = [];
	for await (const chunk of body as AsyncIterable<Buffer>) kept.push(chunk);
	expect((await downloads.get('large')).equals(large)).toBe(true);
	expect(Buffer.concat(kept).equals(large)).toBe(true);
});

it('a cancelled download ends at once, though it waits for memory that others use', async () => {
	const release = await downloads.s3.readMemory.reserve(READ_MEMORY);
	const controller = new AbortController();
	const { body } = await downloads.open('large', { signal: controller.signal });
	let bytes = 0;
	const reading = (async () => {
		for await (const chunk of body as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes >= MiB) setImmediate(() => controller.abort());
		}
	})();
	await expect(reading).rejects.toMatchObject({ kind: 'cancelled' });
	// Without memory no further range is asked for.
	expect(downloads.server.requests).toHaveLength(1);
	release();
	await downloads.memoryIsFree();
});

it('ranges that are being read are stopped when nobody reads the object any more', async () => {
	const effect = { kind: 'stallAnswer', afterBytes: MiB } as const;
	downloads.server.faults.add({ operation: 'GetObject', skip: 1, effect });
	const { body } = await downloads.open('large');
	let bytes = 0;
	for await (const chunk of body as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes >= MiB / 2) break;
	}
	// Otherwise not before the connections are given up, after two minutes.
	await downloads.memoryIsFree();
});

it('a large object is an error as soon as one of its ranges is refused, not when that range is due', async () => {
	downloads.server.faults.add(
		{
			operation: 'GetObject',
			skip: 3,
			effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
		},
		{ operation: 'GetObject', times: 1, effect: { kind: 'stallAnswer', afterBytes: MiB / 2 } },
	);
	// Otherwise not before the connection of the first response is given up, after two minutes.
	await expect(downloads.get('large')).rejects.toMatchObject({ kind: 'denied' });
});
