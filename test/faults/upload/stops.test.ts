/** When an upload is cancelled or has failed, nothing of it goes on; and how much of it goes at once. */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import type { PartLimits } from '../../s3/upload/partSizes';
import { putObject } from '../../s3/upload/putObject';
import type { PutRequest } from '../../s3/upload/putObject';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer, Fault } from '../servers/embedded';
import { connectionTo } from './connection';

const KiB = 1024;
const MiB = 1024 * KiB;
const bucket = 'stops';
const call = { signal: undefined };
const REFUSED: Fault['effect'] = { kind: 'answer', status: 403, code: 'AccessDenied' };

/** S3's limits, some 500 times smaller. */
const SMALL: PartLimits = {
	maxParts: 20,
	maxPartSize: MiB,
	usualPartSize: 16 * KiB,
	largestInMemory: 64 * KiB,
	growEvery: 4,
	step: KiB,
};

let server: EmbeddedServer;
let s3: S3;
let folder: string;

beforeAll(async () => {
	server = await startEmbedded({ minimumPartSize: 1 });
	server.store.makeBucket(bucket);
	s3 = await openS3(connectionTo(server));
	folder = await mkdtemp(join(tmpdir(), 'stops-'));
});
afterAll(async () => {
	await server.stop();
	await rm(folder, { recursive: true });
});
beforeEach(() => {
	server.faults.clear();
	server.requests.length = 0;
});

/** The ways an object can go. */
const ways: Record<
	string,
	{ size: number; announced?: boolean; settings?: Partial<PutRequest>; limits?: PartLimits }
> = {
	'from memory': { size: 100 * KiB },
	'as a stream': { size: 9 * MiB },
	'in parts': { size: 5 * MiB, settings: { multipartThreshold: MiB, partSize: MiB } },
	'in streamed parts': { size: 3 * MiB, settings: { multipartThreshold: 1 }, limits: SMALL },
	'in growing parts': { size: 3 * MiB, announced: false, limits: SMALL },
	'in parts of an unknown number': {
		size: 3 * MiB,
		announced: false,
		settings: { partSize: 100 * KiB },
		limits: SMALL,
	},
};

const sent = (operation: string) =>
	server.requests.filter((request) => request.operation === operation).length;
const uploadsLeft = () => server.store.bucket(bucket).uploads.size;

/** Gives so many bytes, then no more and no end; tells when it is asked for more. */
function stuck(bytes: number, onStuck: () => void): Readable {
	let left = bytes;
	return new Readable({
		read() {
			const next = Math.min(left, 64 * KiB);
			left -= next;
			if (next > 0) this.push(Buffer.alloc(next, 1));
			else setImmediate(onStuck);
		},
	});
}

async function fileOf(name: string, size: number): Promise<string> {
	const path = join(folder, name);
	await writeFile(path, Buffer.alloc(size, 1));
	return path;
}

describe.each(Object.keys(ways))('an upload %s', (way) => {
	const { size, announced = true, settings, limits } = ways[way]!;

	it.each([
		['its first byte', 0],
		['half of its bytes', 0.5],
	])('whose source gives nothing behind %s is given up at once', async (name, part) => {
		const controller = new AbortController();
		const streams: Readable[] = [];
		const source = {
			size: announced ? size : undefined,
			open: () => {
				const stream = stuck(Math.floor(size * part), () => controller.abort());
				streams.push(stream);
				return Promise.resolve(stream);
			},
		};
		const request = { bucket, key: `${way} ${name}`, source, ...settings };
		const writing = putObject(s3, request, { signal: controller.signal }, limits);
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expect(streams.length).toBeGreaterThan(0);
		expect(streams.every(({ destroyed }) => destroyed)).toBe(true);
		expect(uploadsLeft()).toBe(0);
		expect(server.store.bucket(bucket).get(request.key)).toBeUndefined();
	});
});

describe('an upload in parts of which one is refused', () => {
	const partSize = 64 * KiB;

	it('does not wait for a source that gives nothing more', async () => {
		server.faults.add({ operation: 'UploadPart', effect: REFUSED });
		const opened = stuck(2 * partSize + 5, () => undefined);
		const source = { size: 40 * partSize, open: () => Promise.resolve(opened) };
		const request = { bucket, key: 'waits', source, multipartThreshold: 1, partSize };
		await expect(putObject(s3, request, call)).rejects.toMatchObject({ kind: 'denied' });
		expect(opened.destroyed).toBe(true);
		expect(uploadsLeft()).toBe(0);
	});

	it.each([
		['in memory', undefined, 40],
		['as streams', SMALL, 20],
	])('sends none of the others of a file, %s', async (name, limits, parts) => {
		const size = 40 * partSize;
		const path = await fileOf(name, size);
		server.faults.add({ operation: 'UploadPart', times: 1, effect: REFUSED });
		const source = {
			size,
			open: () => Promise.reject(new Error('not as a stream')),
			openFile: () => open(path),
		};
		const wanted = limits === undefined ? { partSize } : {};
		const request = { bucket, key: name, source, multipartThreshold: 1, ...wanted };
		await expect(putObject(s3, request, call, limits)).rejects.toMatchObject({ kind: 'denied' });
		expect(sent('UploadPart')).toBeLessThan(parts / 2);
		expect(uploadsLeft()).toBe(0);
	});
});

describe('an upload in parts of a file of which one is refused', () => {
	it.each([
		['in memory', undefined],
		['as streams', SMALL],
	])('does not wait for the others that are on their way, %s', async (name, limits) => {
		const partSize = 64 * KiB;
		const size = 40 * partSize;
		const path = await fileOf(`on their way ${name}`, size);
		server.faults.add(
			{ operation: 'UploadPart', skip: 3, times: 1, effect: REFUSED },
			{ operation: 'UploadPart', effect: { kind: 'stall' } },
		);
		const source = {
			size,
			open: () => Promise.reject(new Error('not as a stream')),
			openFile: () => open(path),
		};
		const wanted = limits === undefined ? { partSize } : {};
		const request = { bucket, key: `way ${name}`, source, multipartThreshold: 1, ...wanted };
		await expect(putObject(s3, request, call, limits)).rejects.toMatchObject({ kind: 'denied' });
		expect(uploadsLeft()).toBe(0);
	});
});

it('a source without end is given up soon behind the size it announced', async () => {
	let given = 0;
	function* endless() {
		for (; given < 100 * MiB; given += 64 * KiB) yield Buffer.alloc(64 * KiB, 1);
	}
	const source = {
		size: 5 * MiB,
		open: () => Promise.resolve(Readable.from(endless(), { objectMode: false })),
	};
	const request = { bucket, key: 'endless', source, multipartThreshold: 1, partSize: MiB };
	await expect(putObject(s3, request, call)).rejects.toMatchObject({ kind: 'corrupt' });
	expect(given).toBeLessThan(16 * MiB);
	expect(uploadsLeft()).toBe(0);
});

it('a large file that is hashed before it is sent is read no further after a cancel', async () => {
	const size = 40 * MiB;
	const path = await fileOf('hashed', size);
	const controller = new AbortController();
	let readings = 0;
	const openFile = async () => {
		const file = await open(path);
		const read = file.read.bind(file) as (...args: unknown[]) => unknown;
		const counted = (...args: unknown[]) => {
			if (++readings === 3) controller.abort();
			return read(...args);
		};
		return Object.assign(file, { read: counted });
	};
	const source = { size, open: () => Promise.reject(new Error('not as a stream')), openFile };
	const request = { bucket, key: 'hashed', source, checksum: 'SHA256' as const };
	const writing = putObject(s3, request, { signal: controller.signal });
	await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
	expect(readings).toBeLessThan(6);
	expect(server.requests).toEqual([]);
});

it('parts in memory are sent several at a time', async () => {
	let together = 0;
	server.faults.add({
		operation: 'UploadPart',
		when: () => {
			const now = server.requests.filter(({ status }) => status === 0).length;
			together = Math.max(together, now);
			return true;
		},
		times: 4,
		effect: { kind: 'latency', ms: 300 },
	});
	const bytes = Buffer.alloc(640 * KiB, 1);
	const source = {
		size: bytes.length,
		open: () => Promise.resolve(Readable.from([bytes], { objectMode: false })),
	};
	const request = { bucket, key: 'several', source, multipartThreshold: 1, partSize: 64 * KiB };
	expect((await putObject(s3, request, call)).parts).toBe(10);
	expect(together).toBe(4);
});

it('an object of unknown size that turns out too large for S3 is refused, and leaves nothing', async () => {
	const bytes = Buffer.alloc(2 * MiB, 1);
	const open = () => Promise.resolve(Readable.from([bytes], { objectMode: false }));
	const limits = { ...SMALL, maxPartSize: 128 * KiB };
	const request = { bucket, key: 'too large', source: { open } };
	await expect(putObject(s3, request, call, limits)).rejects.toMatchObject({ kind: 'invalid' });
	expect(server.store.bucket(bucket).get('too large')).toBeUndefined();
	expect(uploadsLeft()).toBe(0);
});

describe('the threshold for parts', () => {
	const put = async (threshold: number, settings: Partial<PutRequest>) => {
		const connection = await openS3(connectionTo(server, { multipartThreshold: threshold }));
		const bytes = Buffer.alloc(2 * MiB, 1);
		const open = () => Promise.resolve(Readable.from([bytes], { objectMode: false }));
		const source = { size: bytes.length, open };
		const request = { bucket, key: 'threshold', source, partSize: MiB, ...settings };
		return (await putObject(connection, request, call)).parts;
	};

	it('is that of the connection, unless the request has its own', async () => {
		expect(await put(MiB, {})).toBe(2);
		expect(await put(2 * MiB, {})).toBe(1);
		expect(await put(MiB, { multipartThreshold: 2 * MiB })).toBe(1);
		expect(await put(100 * MiB, { multipartThreshold: MiB })).toBe(2);
	});

	it('does not hold for conditional writes to servers that may forget the condition', async () => {
		expect(await put(MiB, { overwrite: 'never', key: 'free' })).toBe(1);
		expect(server.requests.map(({ operation }) => operation)).toEqual(['PutObject']);
	});
});

it('the customer’s own key goes with every request of an upload in parts but the abort', async () => {
	const key = Buffer.alloc(32, 7).toString('base64');
	const bytes = Buffer.alloc(2 * MiB, 1);
	const open = () => Promise.resolve(Readable.from([bytes], { objectMode: false }));
	const source = { size: bytes.length, open };
	const parts = { multipartThreshold: 1, partSize: MiB };
	const encryption = { kind: 'customer' as const, key };
	await putObject(s3, { bucket, key: 'secret', source, encryption, ...parts }, call);
	const keys = server.requests.map(({ operation, headers }) => [
		operation,
		headers['x-amz-server-side-encryption-customer-key'],
	]);
	expect(keys).toEqual([
		['CreateMultipartUpload', key],
		['UploadPart', key],
		['UploadPart', key],
		['CompleteMultipartUpload', key],
	]);
});
