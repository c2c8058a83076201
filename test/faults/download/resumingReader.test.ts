import { buffer } from 'node:stream/consumers';
import type { Fault } from '../../servers/embedded';
import { getObject } from '../../../s3/download/getObject';
import type { S3 } from '../../../s3/client/S3';
import { Downloads, large, MiB, small } from './downloads';

const BROKEN: Fault['effect'] = { kind: 'resetAnswer', afterBytes: MiB };
const downloads = new Downloads('resumed');

beforeEach(async () => {
	await downloads.store('small', small);
	await downloads.store('large', large);
});

it('a large object without an ETag is read with one request: nothing would pin others to it', async () => {
	const s3 = downloads.saying({ ETag: undefined });
	expect((await downloads.get('large', { s3 })).equals(large)).toBe(true);
	expect(downloads.server.requests).toHaveLength(1);
});

it('a large object with a weak ETag is read with one request: no other request would meet it', async () => {
	const s3 = downloads.saying({ ETag: 'W/"abc"' });
	expect((await downloads.get('large', { s3 })).equals(large)).toBe(true);
	expect(downloads.server.requests).toHaveLength(1);
});

it('an object without an ETag is not resumed: it may be another one by now', async () => {
	downloads.server.faults.add({ operation: 'GetObject', times: 1, effect: BROKEN });
	const s3 = downloads.saying({ ETag: undefined });
	await expect(downloads.get('small', { s3 })).rejects.toMatchObject({
		kind: 'corrupt',
		message: expect.stringContaining('broke off after') as string,
	});
	expect(downloads.server.requests).toHaveLength(1);
});

it('a cancel is a cancel, also if an object could not be resumed', async () => {
	const effect = { kind: 'stallAnswer', afterBytes: MiB } as const;
	downloads.server.faults.add({ operation: 'GetObject', effect });
	const controller = new AbortController();
	const s3 = downloads.saying({ ETag: undefined });
	const { body } = await downloads.open('small', { s3, signal: controller.signal });
	body.once('data', () => setImmediate(() => controller.abort()));
	await expect(buffer(body)).rejects.toMatchObject({ kind: 'cancelled' });
});

it.each([
	['small', small],
	['large', large],
])('a %s object of unknown length is whole', async (key, bytes) => {
	const s3 = downloads.saying({ ContentLength: undefined }, ['GetObject']);
	expect((await downloads.get(key, { s3 })).equals(bytes)).toBe(true);
});

it.each(['resetAnswer', 'truncate'] as const)(
	'an object of unknown length that breaks off is an error (%s)',
	async (kind) => {
		const effect = { kind, afterBytes: MiB };
		downloads.server.faults.add({ operation: 'GetObject', times: 1, effect });
		const s3 = downloads.saying({ ContentLength: undefined });
		await expect(downloads.get('small', { s3 })).rejects.toMatchObject({ kind: 'corrupt' });
	},
);

it('an object is whole though a response has fewer bytes than were asked for', async () => {
	// Begins with ASCII bytes, because the response is given as text.
	const begin = small.findIndex((byte, i) => i >= MiB && byte < 50);
	const body = small.subarray(begin, begin + 3).toString();
	const headers = {
		etag: `"${(await downloads.open('small')).head.etag}"`,
		'content-range': `bytes ${begin}-${begin + 2}/${small.length}`,
	};
	downloads.server.requests.length = 0;
	downloads.server.faults.add(
		// Not reset: that loses bytes which a busy client has not read yet, and the next response is fixed.
		{ operation: 'GetObject', times: 1, effect: { kind: 'truncate', afterBytes: begin } },
		{
			operation: 'GetObject',
			skip: 1,
			times: 1,
			effect: { kind: 'answer', status: 206, headers, body },
		},
	);
	expect((await downloads.get('small')).equals(small)).toBe(true);
	const last = small.length - 1;
	expect(downloads.ranges).toEqual([
		undefined,
		`bytes=${begin}-${last}`,
		`bytes=${begin + 3}-${last}`,
	]);
});

it('an object is resumed with its ETag as the only condition', async () => {
	const conditions = {
		ifNoneMatch: 'other',
		ifModifiedSince: new Date('2020-01-01'),
		ifUnmodifiedSince: new Date('2099-01-01'),
	};
	downloads.server.faults.add({ operation: 'GetObject', times: 1, effect: BROKEN });
	expect((await downloads.get('small', conditions)).equals(small)).toBe(true);
	const [first, second] = downloads.server.requests.map(({ headers }) =>
		Object.keys(headers).filter((name) => name.startsWith('if-')),
	);
	expect(first?.sort()).toEqual(['if-modified-since', 'if-none-match', 'if-unmodified-since']);
	expect(second).toEqual(['if-match']);
});

it.each(['small', 'large'])(
	'a %s object is not resumed with another one, though the server ignores If-Match',
	async (key) => {
		downloads.server.faults.add({ operation: 'GetObject', times: 1, effect: BROKEN });
		const s3 = downloads.asking({ IfMatch: undefined });
		const { body } = await downloads.open(key, { s3 });
		const bytes = key === 'small' ? small : large;
		await downloads.store(key, Buffer.concat([bytes.subarray(1), Buffer.from('x')]));
		await expect(buffer(body)).rejects.toMatchObject({
			kind: 'corrupt',
			message: expect.stringContaining('was replaced while it was being read') as string,
		});
	},
);

it('the requests for the rest of an object share the time of a transfer', async () => {
	const effect = { kind: 'resetAnswer', afterBytes: MiB } as const;
	downloads.server.faults.add({ operation: 'GetObject', times: 1, effect });
	const { connection, readMemory, writeMemory } = downloads.s3;
	const times: (number | undefined)[] = [];
	const send: S3['send'] = async (name, input, options) => {
		times.push(options.budget?.ms);
		return await downloads.s3.send(name, input, options);
	};
	const s3 = { connection, readMemory, writeMemory, send };
	const request = { bucket: downloads.bucket, key: 'small' };
	const { body } = await getObject(s3, request, { signal: undefined });
	expect((await buffer(body)).equals(small)).toBe(true);
	expect(times).toEqual([undefined, 70_000]);
});
