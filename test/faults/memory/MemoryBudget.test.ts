/** Objects that are read and stored again at the same time, over one connection. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { S3 } from '../../../s3/client/S3';
import { getObject } from '../../../s3/download/getObject';
import { MemoryBudget } from '../../../s3/memory/MemoryBudget';
import { putObject } from '../../../s3/upload/putObject';
import { withConnection } from '../../servers/withServer';

const MiB = 1024 * 1024;
const bucket = 'copies';
const call = { signal: undefined, retryFor: 1000 };
/** Bytes that all copies share, for reading and again for writing. */
const MEMORY = 32 * MiB;
/** Bytes that one copy needs, for reading and again for writing: two ranges, two parts. */
const NEED = 16 * MiB;
const content = randomBytes(17 * MiB);

const server = withConnection({ buckets: [bucket] });
/** The same connection with less memory. */
let s3: S3;

beforeAll(async () => {
	s3 = {
		connection: server.s3.connection,
		readMemory: new MemoryBudget(MEMORY),
		writeMemory: new MemoryBudget(MEMORY),
		send: (name, input, options) => server.s3.send(name, input, options),
	};
	await put(s3, 'source', () => Readable.from([content], { objectMode: false }));
});

async function put(over: S3, key: string, read: () => Readable | Promise<Readable>): Promise<void> {
	const source = { size: content.length, open: async () => await read() };
	await putObject(over, { bucket, key, source, multipartThreshold: 5 * MiB }, call);
}

/**
 * Reserves all that it needs before it begins: it holds memory to write while it waits for bytes to read,
 * and the other way round.
 */
async function copy(to: string): Promise<void> {
	const releases = [await s3.readMemory.reserve(NEED), await s3.writeMemory.reserve(NEED)];
	const own: S3 = {
		...s3,
		readMemory: new MemoryBudget(NEED),
		writeMemory: new MemoryBudget(NEED),
	};
	try {
		await put(own, to, async () => (await getObject(own, { bucket, key: 'source' }, call)).body);
	} finally {
		for (const release of releases) release();
	}
}

it('copies of 12 objects at once end, beside gets and puts of others, and leave the memory free', async () => {
	const others = Array.from({ length: 3 }, async (_, i) => {
		await put(s3, `put-${i}`, () => Readable.from([content], { objectMode: false }));
		const { body } = await getObject(s3, { bucket, key: 'source' }, call);
		expect((await buffer(body)).equals(content)).toBe(true);
	});
	const keys = Array.from({ length: 12 }, (_, i) => `copy-${i}`);
	await Promise.all([...keys.map(copy), ...others]);
	const { etag } = server.store.bucket(bucket).get('source')!;
	for (const key of keys) expect(server.store.bucket(bucket).get(key)?.etag).toBe(etag);
	(await s3.readMemory.reserve(MEMORY))();
	(await s3.writeMemory.reserve(MEMORY))();
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
