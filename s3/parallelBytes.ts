import type { Readable } from 'node:stream';
import type { Call } from './client';
import { linkedSignal } from './linkedSignal';
import { resumedBytes } from './resumedBytes';
import type { Download } from './resumedBytes';

/** Bytes that one connection reads at a time. */
export const SEGMENT_SIZE = 8 * 1024 * 1024;
/** Segments of one object that are read or wait for their turn at the same time. */
const SEGMENTS_IN_FLIGHT = 4;

interface Segment {
	/** As they came: to put them together would take as much memory again. */
	chunks: Buffer[];
	/** Gives the memory back. */
	release: () => void;
}

/**
 * The bytes of a large object in order, read over several connections. The first answer gives the
 * first segment and is then left; memory holds a few segments whatever the object's size.
 * @param size bytes of the body
 * @throws S3Failure the first failure of any connection; the others are stopped
 */
export async function* parallelBytes(
	download: Download,
	size: number,
	first: Readable,
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	const linked = linkedSignal(call.signal);
	const waiting: Promise<Segment>[] = [];
	let failure: unknown;
	let next = SEGMENT_SIZE;
	const begin = () => {
		if (next >= size) return;
		const stretch = { start: next, end: Math.min(size, next + SEGMENT_SIZE) };
		next = stretch.end;
		const segment = readSegment(download, stretch, { signal: linked.signal });
		segment.catch((error: unknown) => {
			failure ??= error;
			linked.abort();
		});
		waiting.push(segment);
	};
	try {
		for (let i = 1; i < SEGMENTS_IN_FLIGHT; i++) begin();
		yield* resumedBytes(
			download,
			{ start: 0, end: SEGMENT_SIZE, first },
			{ signal: linked.signal },
		);
		for (let segment = waiting.shift(); segment !== undefined; segment = waiting.shift()) {
			const { chunks, release } = await segment;
			begin();
			try {
				yield* chunks;
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
 * One segment in memory. Memory is taken in the order of the segments, so whoever waits for it waits
 * only for segments that can be passed on first.
 */
async function readSegment(
	download: Download,
	stretch: { start: number; end: number },
	call: Call,
): Promise<Segment> {
	const release = await download.s3.partMemory.take(stretch.end - stretch.start);
	try {
		const chunks: Buffer[] = [];
		for await (const chunk of resumedBytes(download, stretch, call)) chunks.push(chunk);
		return { chunks, release };
	} catch (error) {
		release();
		throw error;
	}
}
