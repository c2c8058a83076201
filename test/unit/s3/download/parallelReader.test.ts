import { Readable } from 'node:stream';
import { parallelReader, RANGE_SIZE } from '../../../../s3/download/parallelReader';
import { S3Failure } from '../../../../s3/S3Failure';
import { bytesOf, collect, FakeS3 } from './FakeS3';

const MiB = 1024 * 1024;
const bytes = bytesOf(3 * RANGE_SIZE + 5);
const call = { signal: undefined };

it('the first MiB is taken from the first response, the rest from ranges that begin at multiples', async () => {
	const s3 = new FakeS3(bytes);
	const first = Readable.from([bytes.subarray(0, MiB), bytes.subarray(MiB)]);
	const reader = parallelReader(s3.download(), bytes.length, first, call);
	expect((await collect(reader)).equals(bytes)).toBe(true);
	expect(first.destroyed).toBe(true);
	expect(s3.ranges).toEqual([
		`bytes=${MiB}-${RANGE_SIZE - 1}`,
		`bytes=${RANGE_SIZE}-${2 * RANGE_SIZE - 1}`,
		`bytes=${2 * RANGE_SIZE}-${3 * RANGE_SIZE - 1}`,
		`bytes=${3 * RANGE_SIZE}-${bytes.length - 1}`,
	]);
});

it('all bytes are taken from ranges if there is no first response', async () => {
	const s3 = new FakeS3(bytes);
	const reader = parallelReader(s3.download(), bytes.length, undefined, call);
	expect((await collect(reader)).equals(bytes)).toBe(true);
	expect(s3.ranges[0]).toBe(`bytes=0-${RANGE_SIZE - 1}`);
	expect(s3.ranges).toHaveLength(4);
});

it('the ranges of a body that is itself a range begin at multiples within the object', async () => {
	const offset = 3 * MiB;
	const s3 = new FakeS3(bytes);
	const size = bytes.length - offset;
	const ContentRange = `bytes ${offset}-${bytes.length - 1}/${bytes.length}`;
	const download = s3.download({ ContentLength: size, ContentRange });
	const reader = parallelReader(download, size, undefined, call);
	expect((await collect(reader)).equals(bytes.subarray(offset))).toBe(true);
	expect(s3.ranges[0]).toBe(`bytes=${offset}-${RANGE_SIZE - 1}`);
	expect(s3.ranges[1]).toBe(`bytes=${RANGE_SIZE}-${2 * RANGE_SIZE - 1}`);
});

it('a failure of a later range is the failure of all, and nothing is held afterwards', async () => {
	const s3 = new FakeS3(bytes, ({ Range: range }) => {
		if (range?.startsWith(`bytes=${2 * RANGE_SIZE}-`) !== true) return {};
		throw new S3Failure({ kind: 'denied', message: 'denied', advice: '' });
	});
	const reader = parallelReader(s3.download(), bytes.length, undefined, call);
	await expect(collect(reader)).rejects.toMatchObject({ kind: 'denied' });
	(await s3.readMemory.reserve(96 * MiB))();
});

it('a refused range ends the reading of the first response, however slow that is', async () => {
	const s3 = new FakeS3(bytes, () => {
		throw new S3Failure({ kind: 'denied', message: 'denied', advice: '' });
	});
	const first = new Readable({ read: () => undefined });
	const reader = parallelReader(s3.download(), bytes.length, first, call);
	await expect(collect(reader)).rejects.toMatchObject({ kind: 'denied' });
	expect(first.destroyed).toBe(true);
});

it('a reader that turns away gives all memory back', async () => {
	const s3 = new FakeS3(bytes);
	const reader = parallelReader(s3.download(), bytes.length, undefined, call);
	await reader.next();
	await reader.return();
	(await s3.readMemory.reserve(96 * MiB))();
});

it('a reader that turns away stops the ranges that are being read', async () => {
	const s3 = new FakeS3(bytes);
	const { send } = s3;
	const signals: (AbortSignal | undefined)[] = [];
	s3.send = async (name, input, options) => {
		signals.push(options.signal);
		return await send(name, input, options);
	};
	const reader = parallelReader(s3.download(), bytes.length, undefined, call);
	await reader.next();
	expect(signals.map((signal) => signal?.aborted)).toEqual([false, false, false, false]);
	await reader.return();
	expect(signals.every((signal) => signal?.aborted)).toBe(true);
});

it('no more than four ranges are held at once', async () => {
	const s3 = new FakeS3(bytesOf(8 * RANGE_SIZE));
	const reader = parallelReader(s3.download(), 8 * RANGE_SIZE, undefined, call);
	await reader.next();
	await new Promise((resolve) => setImmediate(resolve));
	expect(s3.sent).toHaveLength(4);
	await reader.return();
});

it('waiting for memory ends with the signal', async () => {
	const s3 = new FakeS3(bytes);
	const release = await s3.readMemory.reserve(96 * MiB);
	const controller = new AbortController();
	const { signal } = controller;
	const reader = parallelReader(s3.download(), bytes.length, undefined, { signal });
	const next = reader.next();
	setImmediate(() => controller.abort());
	await expect(next).rejects.toMatchObject({ kind: 'cancelled' });
	expect(s3.sent).toEqual([]);
	release();
});
