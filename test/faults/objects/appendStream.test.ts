/** Appends to servers that copy no parts of objects: nothing is lost, and nothing is appended twice. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { S3 } from '../../../s3/client/S3';
import { appendObject } from '../../../s3/objects/appendObject';
import type { AppendRequest } from '../../../s3/objects/appendObject';
import { appendStream } from '../../../s3/objects/appendStream';
import { planOf } from '../../../s3/objects/appendPlan';
import { rejectionOf } from '../../unit/failureOf';
import { MiB } from './copies';
import { bucket, call, objectServer } from './objectServer';

const objects = objectServer();
const NOT_IMPLEMENTED = { kind: 'answer', status: 501, code: 'NotImplemented' } as const;
const LOST = { operation: 'PutObject', times: 1, effect: { kind: 'loseAnswer' } } as const;
/** Sent from memory, and as a stream. */
const SIZES = [6 * MiB, 20 * MiB];

const sourceOf = (text: string) => ({
	size: text.length,
	bytes: Buffer.from(text),
	open: async () =>
		await Promise.resolve(Readable.from([Buffer.from(text)], { objectMode: false })),
});
const requestFor = (text: string): AppendRequest => ({
	bucket,
	key: 'key',
	source: sourceOf(text),
	separator: '',
	createIfMissing: true,
	tags: 'keep',
});
const append = (s3: S3, text: string) => appendObject(s3, requestFor(text), call);

const put = async (content: Buffer, more: object = {}) => {
	await objects.s3.send('PutObject', { Bucket: bucket, Key: 'key', Body: content, ...more }, call);
	objects.server.requests.length = 0;
};
const stored = async () => {
	const { Body } = await objects.s3.send('GetObject', { Bucket: bucket, Key: 'key' }, call);
	return Buffer.from((await Body?.transformToByteArray()) ?? []);
};
const end = async () => (await stored()).subarray(-4).toString('latin1');

beforeEach(() => {
	objects.server.faults.add({ operation: 'UploadPartCopy', effect: NOT_IMPLEMENTED });
});

it.each(SIZES)(
	'an append to an object of %d bytes on a server that copies no parts writes it anew, and asks once',
	async (size) => {
		const content = randomBytes(size);
		await put(content, { ContentType: 'text/a', Metadata: { one: '1' }, Tagging: 'a=b' });
		const s3 = await objects.server.connect();
		expect(await append(s3, 'b')).toMatchObject({ size: size + 1, appended: 1, guarded: true });
		expect(await append(s3, 'c')).toMatchObject({ size: size + 2, guarded: true });
		expect((await stored()).equals(Buffer.concat([content, Buffer.from('bc')]))).toBe(true);
		expect(objects.stored('key')).toMatchObject({
			headers: { 'content-type': 'text/a', 'x-amz-meta-one': '1' },
			tags: { a: 'b' },
		});
		expect(objects.sent('UploadPartCopy').length).toBeLessThanOrEqual(8);
		expect(objects.sent('CreateMultipartUpload')).toHaveLength(1);
		expect(objects.bucket.uploads.size).toBe(0);
	},
);

it('an append to a server that copies no parts begins again if somebody changes the object', async () => {
	await put(randomBytes(SIZES[0]!));
	const s3 = await objects.server.connect();
	await append(s3, 'b');
	let puts = 0;
	objects.server.faults.add({
		operation: 'PutObject',
		when: () => {
			if (++puts === 1) objects.server.store.putMany(bucket, ['key'], 3);
			return false;
		},
		effect: { kind: 'stall' },
	});
	expect(await append(s3, 'c')).toMatchObject({ size: 4, guarded: true });
});

it.each(SIZES)(
	'an append to an object of %d bytes whose response was lost is not made twice',
	async (size) => {
		await put(Buffer.alloc(size, 'x'));
		const s3 = await objects.server.connect();
		await append(s3, 'b');
		objects.server.faults.add(LOST);
		expect(await append(s3, 'c')).toMatchObject({ size: size + 2, guarded: true });
		expect(await end()).toBe('xxbc');
	},
);

it('an append whose response was lost is not made again if somebody has appended since', async () => {
	await put(Buffer.alloc(SIZES[1]!, 'x'));
	const s3 = await objects.server.connect();
	await append(s3, 'b');
	objects.server.faults.add(LOST);
	let heads = 0;
	objects.server.faults.add({
		operation: 'HeadObject',
		when: () => {
			// The second one looks whether the object is the one that was written.
			if (++heads === 2) objects.server.store.putMany(bucket, ['key'], 3);
			return false;
		},
		effect: { kind: 'stall' },
	});
	const failure = await rejectionOf(append(s3, 'c'));
	expect(failure).toMatchObject({ kind: 'unavailable', retryable: false });
	expect(failure.message).toBe(
		`Could not append to “key” in bucket “${bucket}”: the response to the first attempt was lost, so it may be appended`,
	);
});

it('an append that is denied after the object was read a second time says so, and nothing of doubt', async () => {
	await put(Buffer.alloc(SIZES[1]!, 'x'));
	const s3 = await objects.server.connect();
	await append(s3, 'b');
	objects.server.requests.length = 0;
	const answer = (status: number, code: string, times: number) =>
		objects.server.faults.add({
			operation: 'PutObject',
			times,
			effect: { kind: 'answer', status, code },
		});
	answer(500, 'InternalError', 1);
	answer(403, 'AccessDenied', Infinity);
	const failure = await rejectionOf(append(s3, 'c'));
	expect(failure).toMatchObject({ kind: 'denied', code: 'AccessDenied' });
	expect(objects.sent('PutObject')).toHaveLength(2);
	expect(objects.sent('HeadObject')).toHaveLength(1);
	expect(await end()).toBe('xxxb');
});

it('an object that is too large to be written anew is not changed', async () => {
	const head = { bucket, key: 'key', size: 5 * 1024 * MiB, etag: 'e' };
	const request = requestFor('b');
	const plan = planOf(objects.s3, request, head as never);
	const failure = await rejectionOf(
		appendStream(plan, plan.request as never, request.source, call),
	);
	expect(failure.kind).toBe('invalid');
	expect(failure.message).toContain('5368709121 bytes are too many to be written anew');
	expect(failure.advice).toContain('Nothing was changed');
	expect(objects.operations()).toEqual([]);
});
