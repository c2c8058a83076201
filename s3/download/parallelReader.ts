import type { Readable } from 'node:stream';
import type { Call } from '../Call';
import { cancelled } from '../errors/failureFrom';
import { linkedSignal } from '../retry/linkedSignal';
import { piecesIn, piecesOf } from './rechunk';
import { attemptOf, firstByteOf, readStretch, resumedBytes } from './resumingReader';
import type { Download } from './resumingReader';

/** Bytes that one connection reads at a time, from one multiple of them in the object to the next. */
export const SEGMENT_SIZE = 8 * 1024 * 1024;
/** Bytes of the first answer that are used: a stream, which costs several times as much as a segment. */
const BEGINNING = 1024 * 1024;
/** Segments of one object that are read or wait for their turn at the same time. */
const SEGMENTS_IN_FLIGHT = 4;

interface Segment {
	bytes: Buffer;
	/** Gives the memory back. */
	release: () => void;
}

/**
 * The bytes of a large object in order, read over several connections. The first answer gives the
 * first megabyte and is then left; memory holds a few segments whatever the object's size.
 * @param size bytes of the body
 * @throws S3Failure the first failure of any connection; the others are stopped
 */
export async function* parallelBytes(
	download: Download,
	size: number,
	first: Readable,
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	const offset = firstByteOf(download.head);
	const linked = linkedSignal(call.signal);
	const waiting: Promise<Segment>[] = [];
	let failure: unknown;
	let next = BEGINNING;
	const begin = () => {
		if (next >= size) return;
		const stretch = { start: next, end: Math.min(size, endOfSegment(next, offset)) };
		next = stretch.end;
		const segment = readSegment(download, stretch, { signal: linked.signal });
		segment.catch((error: unknown) => {
			failure ??= error;
			linked.abort();
			first.destroy();
		});
		waiting.push(segment);
	};
	try {
		for (let i = 1; i < SEGMENTS_IN_FLIGHT; i++) begin();
		const beginning = { start: 0, end: BEGINNING, first };
		yield* piecesOf(resumedBytes(download, beginning, { signal: linked.signal }));
		for (let segment = waiting.shift(); segment !== undefined; segment = waiting.shift()) {
			const { bytes, release } = await segment;
			begin();
			try {
				yield* piecesIn(bytes);
			} finally {
				release();
			}
		}
	} catch (error) {
		throw failure ?? error;
	} finally {
		linked.abort();
		linked.unlink();
		for (const segment of waiting)
			segment.then(
				({ release }) => {
					release();
				},
				() => undefined,
			);
	}
}

/**
 * Where the segment with a byte of the body ends. Servers keep an object in the parts that it was put
 * in, mostly of 8 MiB or a multiple: a segment lies within one.
 * @param offset where the body begins in the object, in bytes
 */
const endOfSegment = (position: number, offset: number): number =>
	position + SEGMENT_SIZE - ((offset + position) % SEGMENT_SIZE);

/**
 * One segment in memory. Memory is taken in the order of the segments, so whoever waits for it waits
 * only for segments that can be passed on first.
 */
async function readSegment(
	download: Download,
	stretch: { start: number; end: number },
	call: Call,
): Promise<Segment> {
	const size = stretch.end - stretch.start;
	const release = await download.s3.readMemory.reserve(size, call.signal).catch(() => {
		throw cancelled(attemptOf(download));
	});
	try {
		// New memory: the reader may keep what it is given.
		const bytes = Buffer.allocUnsafeSlow(size);
		await readStretch(download, stretch, bytes, call);
		return { bytes, release };
	} catch (error) {
		release();
		throw error;
	}
}
