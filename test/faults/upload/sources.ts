import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { PartLimits } from '../../../s3/write/partSizes';
import type { ByteSource } from '../../../s3/upload/putObject';
import { bytesFrom } from '../../bytes';

export const KiB = 1024;
export const MiB = 1024 * KiB;

/** S3's limits, some 500 times smaller. */
export const SMALL_LIMITS: PartLimits = {
	maxParts: 20,
	maxPartSize: MiB,
	usualPartSize: 16 * KiB,
	largestInMemory: 64 * KiB,
	growEvery: 4,
	step: KiB,
};

/** Bytes that are not the same everywhere, so that parts in the wrong order show. */
export const patterned = (size: number): Buffer =>
	bytesFrom(size, (i) => (i * 31 + (i >> 12)) % 251);

/** A stream of chunks of 50,001 bytes, which fit no part. */
export function streamOf(bytes: Buffer): Readable {
	function* chunks() {
		for (let at = 0; at < bytes.length; at += 50_001) yield bytes.subarray(at, at + 50_001);
	}
	return Readable.from(chunks(), { objectMode: false });
}

/** A source of these bytes that can only be read as a stream, of their size unless said otherwise. */
export function sourceOf(bytes: Buffer, size: number | undefined = bytes.length): ByteSource {
	return { size, open: () => Promise.resolve(streamOf(bytes)) };
}

/** A source of these bytes whose size is not known beforehand. */
export const sourceOfUnknownSize = (bytes: Buffer): ByteSource => ({
	open: () => Promise.resolve(streamOf(bytes)),
});

/** A source that gives these bytes and then fails. */
export function brokenSource(bytes: Buffer, size: number): ByteSource {
	function* chunks() {
		yield bytes;
		throw new Error('disk gone');
	}
	return { size, open: () => Promise.resolve(Readable.from(chunks(), { objectMode: false })) };
}

/** A source that is a file, and must be read as one. */
export function fileSource(path: string, size: number): ByteSource {
	return {
		size,
		open: () => Promise.reject(new Error('a file is not read as a stream')),
		openFile: () => open(path),
	};
}
