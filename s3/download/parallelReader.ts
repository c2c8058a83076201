import type { Readable } from 'node:stream';
import { MiB } from '../bytes';
import type { Call } from '../Call';
import { firstByteOf } from '../headers/contentRange';
import { linkedSignal } from '../retry/linkedSignal';
import type { Download } from './Download';
import { cancelled } from './downloadErrors';
import { rechunk, split } from './rechunk';
import { readRangeInto, resumingReader } from './resumingReader';

/** Bytes that one request asks for, from one multiple of them in the object to the next. */
export const RANGE_SIZE = 8 * MiB;
/**
 * Bytes that are taken from the first response. A stream costs several times the CPU time of a range that
 * is read into memory, so the rest of it is not read.
 */
const FROM_FIRST_RESPONSE = MiB;
/** Ranges of one object that are being read or wait for memory. */
const RANGES_IN_FLIGHT = 4;

/** A range that has been read. */
interface RangeInMemory {
	bytes: Buffer;
	/** Gives its share of the memory budget back. */
	release: () => void;
}

/**
 * The bytes of a large object in order, read over several connections. Memory holds a few ranges, whatever
 * the size of the object.
 * @param size bytes of the body
 * @param first the body of the first response, which is destroyed after its first MiB; undefined if there is
 * none
 * @throws S3Failure the first failure of any request; the others are stopped
 */
export async function* parallelReader(
	download: Download,
	size: number,
	first: Readable | undefined,
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	const offset = firstByteOf(download.head.contentRange);
	const linked = linkedSignal(call.signal);
	const stoppable = { ...call, signal: linked.signal };
	const inFlight: Promise<RangeInMemory>[] = [];
	let failure: unknown;
	let next = first === undefined ? 0 : FROM_FIRST_RESPONSE;
	const readNext = () => {
		if (next >= size) return;
		const range = { start: next, end: Math.min(size, endOfRange(next, offset)) };
		next = range.end;
		const reading = readRange(download, range, stoppable);
		reading.catch((error: unknown) => {
			failure ??= error;
			linked.abort();
			first?.destroy();
		});
		inFlight.push(reading);
	};
	try {
		for (let i = 1; i < RANGES_IN_FLIGHT; i++) readNext();
		if (first !== undefined) {
			const beginning = { start: 0, end: FROM_FIRST_RESPONSE };
			yield* rechunk(resumingReader(download, beginning, first, stoppable));
		}
		for (let range = inFlight.shift(); range !== undefined; range = inFlight.shift()) {
			const read = await range;
			readNext();
			yield* passedOn(read);
		}
	} catch (error) {
		throw failure ?? error;
	} finally {
		linked.abort();
		linked.unlink();
		releaseAll(inFlight);
	}
}

/** The chunks of a range, whose memory is given back when they have been read, or nobody reads on. */
function* passedOn({ bytes, release }: RangeInMemory): Generator<Buffer, void, void> {
	try {
		yield* split(bytes);
	} finally {
		release();
	}
}

/**
 * Where the range that begins at a byte of the body ends. Servers keep an object in the parts in which it
 * was uploaded, mostly of 8 MiB or a multiple: a range lies within one.
 * @param offset where the body begins in the object, in bytes
 */
const endOfRange = (start: number, offset: number): number =>
	start + RANGE_SIZE - ((offset + start) % RANGE_SIZE);

/**
 * Reads one range into memory. Memory is granted in the order of the ranges, so whoever waits for it waits
 * only for ranges that can be passed on before.
 */
async function readRange(
	download: Download,
	range: { start: number; end: number },
	call: Call,
): Promise<RangeInMemory> {
	const size = range.end - range.start;
	const release = await download.s3.readMemory.reserve(size, call.signal).catch(() => {
		throw cancelled(download);
	});
	try {
		// New memory for each range: the reader may keep what it is given.
		const bytes = Buffer.allocUnsafeSlow(size);
		await readRangeInto(download, range, bytes, call);
		return { bytes, release };
	} catch (error) {
		release();
		throw error;
	}
}

function releaseAll(ranges: Promise<RangeInMemory>[]): void {
	for (const range of ranges) {
		range.then(
			({ release }) => release(),
			() => undefined,
		);
	}
}
