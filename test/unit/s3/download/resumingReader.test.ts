import { Readable } from 'node:stream';
import { readRangeInto, resumingReader } from '../../../../s3/download/resumingReader';
import { bytesOf, collect, FakeS3 } from './FakeS3';

jest.mock('../../../../s3/retry/backOff', () => ({ backOffMs: () => 0 }));

const bytes = bytesOf(1000);
const call = { signal: undefined };
const whole = { start: 0, end: bytes.length };
const broken = new Error('broken');

/** An object of whose every body so many bytes arrive, as often as `times`. */
const breaking = (arriving: number, times = Infinity, response = {}) =>
	new FakeS3(
		bytes,
		() => response,
		(body, count) => (count > times ? [body] : [body.subarray(0, arriving), broken]),
	);

it('a range is read from the body that is there, without a request', async () => {
	const s3 = new FakeS3(bytes);
	const reader = resumingReader(s3.download(), whole, Readable.from([bytes]), call);
	expect((await collect(reader)).equals(bytes)).toBe(true);
	expect(s3.sent).toEqual([]);
});

it('a body that goes on after the range is left and destroyed', async () => {
	const s3 = new FakeS3(bytes);
	const first = Readable.from([bytes.subarray(0, 300), bytes.subarray(300)]);
	const reader = resumingReader(s3.download(), { start: 0, end: 400 }, first, call);
	expect((await collect(reader)).equals(bytes.subarray(0, 400))).toBe(true);
	expect(first.destroyed).toBe(true);
});

it('a range without a body is asked for', async () => {
	const s3 = new FakeS3(bytes);
	const reader = resumingReader(s3.download(), { start: 5, end: 20 }, undefined, call);
	expect((await collect(reader)).equals(bytes.subarray(5, 20))).toBe(true);
	expect(s3.ranges).toEqual(['bytes=5-19']);
});

it('a range that breaks off is resumed with the byte that is missing', async () => {
	const s3 = breaking(300);
	const reader = resumingReader(s3.download(), whole, undefined, call);
	expect((await collect(reader)).equals(bytes)).toBe(true);
	expect(s3.ranges).toEqual(['bytes=0-999', 'bytes=300-999', 'bytes=600-999', 'bytes=900-999']);
});

it('a range is read into a buffer, resumed with the byte that is missing', async () => {
	const s3 = breaking(300, 2);
	const buffer = Buffer.alloc(1200, 255);
	await readRangeInto(s3.download(), { start: 100, end: 1000 }, buffer, call);
	expect(buffer.subarray(0, 900).equals(bytes.subarray(100))).toBe(true);
	expect(buffer.subarray(900).equals(Buffer.alloc(300, 255))).toBe(true);
	expect(s3.ranges).toEqual(['bytes=100-999', 'bytes=400-999', 'bytes=700-999']);
});

const readers: [string, (s3: FakeS3) => Promise<unknown>][] = [
	['passed on', async (s3) => await collect(resumingReader(s3.download(), whole, undefined, call))],
	[
		'read into a buffer',
		async (s3) => await readRangeInto(s3.download(), whole, Buffer.alloc(1000), call),
	],
];

it.each(readers)(
	'a range that is %s is an error after six responses without a byte',
	async (_, read) => {
		const s3 = breaking(0);
		await expect(read(s3)).rejects.toMatchObject({
			kind: 'corrupt',
			message: expect.stringContaining('broke off after 0 of 1000 bytes') as string,
			cause: broken,
		});
		expect(s3.sent).toHaveLength(6);
	},
);

it.each(readers)(
	'a range that is %s is whole as long as a byte arrives each time',
	async (_, read) => {
		const s3 = breaking(100);
		await read(s3);
		expect(s3.sent).toHaveLength(10);
	},
);

it.each(readers)('a body that ends short is resumed when the range is %s', async (_, read) => {
	const s3 = new FakeS3(
		bytes,
		() => ({}),
		(body, count) => [count === 1 ? body.subarray(0, 10) : body],
	);
	await read(s3);
	expect(s3.ranges).toEqual(['bytes=0-999', 'bytes=10-999']);
});

it.each([
	['without an ETag', { ETag: undefined }, 1000],
	['of unknown length', { ContentLength: undefined }, undefined],
])('an object %s is not resumed', async (_, head, end) => {
	const s3 = breaking(300, Infinity, head);
	const reader = resumingReader(s3.download(head), { start: 0, end }, undefined, call);
	await expect(collect(reader)).rejects.toMatchObject({ kind: 'corrupt', cause: broken });
	expect(s3.sent).toHaveLength(1);
});

it.each([
	['', {}],
	[', also if it could not be resumed', { ETag: undefined }],
])('a range is a cancel once the caller has stopped it%s', async (_, head) => {
	const controller = new AbortController();
	const s3 = breaking(300, Infinity, head);
	const { signal } = controller;
	const reader = resumingReader(s3.download(head), whole, undefined, { signal });
	await reader.next();
	controller.abort();
	await expect(reader.next()).rejects.toMatchObject({ kind: 'cancelled' });
	expect(s3.sent).toHaveLength(1);
});

it.each(['its end', 'a break', 'the reader turns away'])(
	'a body is destroyed at %s',
	async (what) => {
		const body = Readable.from(
			(function* () {
				yield bytes.subarray(0, 500);
				if (what === 'a break') throw broken;
				yield bytes.subarray(500);
			})(),
		);
		const reader = resumingReader(new FakeS3(bytes).download(), whole, body, call);
		await reader.next();
		if (what === 'the reader turns away') await reader.return();
		else await collect(reader);
		expect(body.destroyed).toBe(true);
	},
);
