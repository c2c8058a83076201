/** Objects that are read and stored again at the same time. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { S3 } from '../../../s3/client/S3';
import { getObject } from '../../../s3/download/getObject';
import { copyBetween } from '../../../s3/objects/copyBetween';
import { putObject } from '../../../s3/upload/putObject';
import { withConnection } from '../../servers/withServer';

const MiB = 1024 * 1024;
const bucket = 'copies';
const call = { signal: undefined, retryFor: 1000 };
/** Bytes that all uploads over a connection share. */
const MEMORY = 96 * MiB;
const content = randomBytes(17 * MiB);

const server = withConnection({ buckets: [bucket] });
const other = withConnection({ buckets: [bucket] });

beforeAll(async () => {
	for (const { s3 } of [server, other]) await put(s3, 'source', () => stream());
});

const stream = () => Readable.from([content], { objectMode: false });

async function put(over: S3, key: string, read: () => Readable | Promise<Readable>): Promise<void> {
	const source = { size: content.length, open: async () => await read() };
	await putObject(over, { bucket, key, source, multipartThreshold: 5 * MiB }, call);
}

/** Copies “source” through this process, in parts. */
const copy = (source: S3, target: S3, key: string) =>
	copyBetween(
		{ source, target },
		{
			source: { bucket, key: 'source' },
			bucket,
			key,
			metadataDirective: 'keep',
			tagsDirective: 'keep',
			multipartThreshold: 5 * MiB,
		},
		call,
	);

async function expectMemoryIsFree(...connections: S3[]): Promise<void> {
	for (const { writeMemory } of connections) (await writeMemory.reserve(MEMORY))();
}

const keysOf = (count: number) => Array.from({ length: count }, (_, i) => `copy-${i}`);

it('streamed copies of 20 large objects at once end, beside gets and puts of others', async () => {
	const { s3 } = server;
	// Such a server leaves the copying to the client.
	const effect = { kind: 'answer', status: 501, code: 'NotImplemented' } as const;
	server.faults.add({ operation: 'UploadPartCopy', effect });
	const others = Array.from({ length: 3 }, async (_, i) => {
		await put(s3, `put-${i}`, stream);
		const { body } = await getObject(s3, { bucket, key: 'source' }, call);
		expect((await buffer(body)).equals(content)).toBe(true);
	});
	const copied = await Promise.all(keysOf(20).map((key) => copy(s3, s3, key)));
	await Promise.all(others);
	expect(
		copied.every(({ copiedBy, size }) => copiedBy === 'stream' && size === content.length),
	).toBe(true);
	const { etag } = server.store.bucket(bucket).get('source')!;
	for (const key of keysOf(20)) expect(server.store.bucket(bucket).get(key)?.etag).toBe(etag);
	await expectMemoryIsFree(s3);
});

it('streamed copies of 16 large objects at once between two connections end, in both directions', async () => {
	const [one, two] = [server.s3, other.s3];
	let mostAtOnce = 0;
	other.faults.add({
		operation: 'UploadPart',
		when: () => {
			mostAtOnce = Math.max(mostAtOnce, other.store.bucket(bucket).uploads.size);
			return false;
		},
		effect: { kind: 'stall' },
	});
	const copies = keysOf(16).map((key, i) =>
		i % 2 === 0 ? copy(one, two, key) : copy(two, one, key),
	);
	await Promise.all(copies);
	keysOf(16).forEach((key, i) => {
		const { store } = i % 2 === 0 ? other : server;
		expect(store.bucket(bucket).get(key)?.content?.size).toBe(content.length);
	});
	// Each holds two ranges and two parts of 8 MiB, one part of which is smaller here.
	expect(mostAtOnce).toBe(3);
	await expectMemoryIsFree(one, two);
});

it('uploads do not wait for the memory of downloads, nor downloads for that of uploads', async () => {
	const whileReading = await server.s3.readMemory.reserve(96 * MiB);
	await put(server.s3, 'put', () => Readable.from([content], { objectMode: false }));
	whileReading();
	const whileWriting = await server.s3.writeMemory.reserve(96 * MiB);
	const { body } = await getObject(server.s3, { bucket, key: 'put' }, call);
	expect((await buffer(body)).equals(content)).toBe(true);
	whileWriting();
});
