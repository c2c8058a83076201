/** An upload that is cancelled does not wait for its source, and reads no further. */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { PartLimits } from '../../../s3/write/partSizes';
import { putObject } from '../../../s3/upload/putObject';
import type { PutRequest } from '../../../s3/upload/putObject';
import { KiB, MiB, SMALL_LIMITS } from './sources';
import { bucket, uploadServer } from './uploadServer';

const uploads = uploadServer();

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'stops-'));
});
afterAll(() => rm(folder, { recursive: true }));

const WAYS: Record<
	string,
	{ size: number; announced?: boolean; settings?: Partial<PutRequest>; limits?: PartLimits }
> = {
	'from memory': { size: 100 * KiB },
	'as a stream': { size: 9 * MiB },
	'in parts': { size: 5 * MiB, settings: { multipartThreshold: MiB, partSize: MiB } },
	'in streamed parts': { size: 3 * MiB, settings: { multipartThreshold: 1 }, limits: SMALL_LIMITS },
	'in growing parts': { size: 3 * MiB, announced: false, limits: SMALL_LIMITS },
	'in parts of an unknown number': {
		size: 3 * MiB,
		announced: false,
		settings: { partSize: 100 * KiB },
		limits: SMALL_LIMITS,
	},
};

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

describe.each(Object.keys(WAYS))('an object put %s', (way) => {
	const { size, announced = true, settings, limits } = WAYS[way]!;

	it.each([
		['its first byte', 0],
		['half of its bytes', 0.5],
	])(
		`an object put ${way} is given up at once if its source gives nothing after %s and it is cancelled`,
		async (_, part) => {
			const controller = new AbortController();
			const streams: Readable[] = [];
			const openStream = () => {
				const stream = stuck(Math.floor(size * part), () => controller.abort());
				streams.push(stream);
				return Promise.resolve(stream);
			};
			const source = { size: announced ? size : undefined, open: openStream };
			const request = { bucket, key: 'key', source, ...settings };
			const writing = putObject(
				uploads.s3,
				request,
				{ signal: controller.signal, retryFor: 1000 },
				limits,
			);
			await expect(writing).rejects.toMatchObject({ kind: 'cancelled', bucket, key: 'key' });
			expect(streams.length).toBeGreaterThan(0);
			expect(streams.every(({ destroyed }) => destroyed)).toBe(true);
			expect(uploads.uploadsLeft()).toEqual([]);
			expect(uploads.stored('key')).toBeUndefined();
		},
	);
});

it('a large file that is hashed before it is sent is read no further after a cancel', async () => {
	const size = 40 * MiB;
	const path = join(folder, 'hashed');
	await writeFile(path, Buffer.alloc(size, 1));
	const controller = new AbortController();
	let reads = 0;
	const openFile = async () => {
		const file = await open(path);
		const read = file.read.bind(file) as (...args: unknown[]) => unknown;
		const counted = (...args: unknown[]) => {
			if (++reads === 3) controller.abort();
			return read(...args);
		};
		return Object.assign(file, { read: counted });
	};
	const source = { size, open: () => Promise.reject(new Error('not as a stream')), openFile };
	const request = { bucket, key: 'hashed', source, checksum: 'SHA256' as const };
	const writing = putObject(uploads.s3, request, { signal: controller.signal, retryFor: 1000 });
	await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
	expect(reads).toBeLessThan(6);
	expect(uploads.sent()).toEqual([]);
});
