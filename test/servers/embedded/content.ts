import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ALGORITHMS, running } from './checksums';
import type { Algorithm, Running } from './checksums';
import type { Trailers } from './chunked';
import { badDigest, invalidArgument, S3Error } from './S3Error';

/** Bytes of an object or part: in memory, or in a file of their own. */
export interface Content {
	size: number;
	pieces: readonly (Buffer | { file: string; size: number })[];
}

export interface Received {
	content: Content;
	/** Hexadecimal. */
	md5: string;
	checksum: { algorithm: Algorithm; value: string } | undefined;
}

/** The bytes from `start` to `end` (exclusive) as a stream. */
export function read({ pieces }: Content, start: number, end: number): Readable {
	return Readable.from(
		(async function* () {
			let offset = 0;
			for (const piece of pieces) {
				const size = Buffer.isBuffer(piece) ? piece.length : piece.size;
				const from = Math.max(0, start - offset);
				const to = Math.min(size, end - offset);
				offset += size;
				if (from >= to) continue;
				if (Buffer.isBuffer(piece)) yield piece.subarray(from, to);
				else
					yield* createReadStream(piece.file, { start: from, end: to - 1, highWaterMark: 1 << 20 });
			}
		})(),
		{ objectMode: false, highWaterMark: 1 << 20 },
	);
}

/** Deletes the files of a content that nobody refers to any more. */
export async function discard({ pieces }: Content): Promise<void> {
	for (const piece of pieces) if (!Buffer.isBuffer(piece)) await rm(piece.file, { force: true });
}

export interface Expectations {
	headers: Record<string, string | undefined>;
	trailers: Trailers;
	/** `x-amz-content-sha256` of the request. */
	payload: string;
}

/**
 * Takes a body in and checks everything that the client said of it. Throws before anything of it is
 * visible.
 */
export async function receive(
	body: AsyncIterable<Buffer>,
	expected: Expectations,
	directory: string | undefined,
): Promise<Received> {
	const md5 = createHash('md5');
	const sha256 = /^[0-9a-f]{64}$/.test(expected.payload) ? createHash('sha256') : undefined;
	const algorithm = announcedAlgorithm(expected.headers);
	const sum: Running | undefined = algorithm === undefined ? undefined : running(algorithm);
	const sink =
		directory === undefined ? new MemorySink() : new FileSink(join(directory, randomUUID()));
	try {
		for await (const chunk of body) {
			md5.update(chunk);
			sha256?.update(chunk);
			sum?.update(chunk);
			await sink.write(chunk);
		}
		const digest = md5.digest();
		checkSha256(sha256?.digest('hex'), expected.payload);
		checkMd5(expected.headers['content-md5'], digest);
		const checksum = algorithm && sum ? { algorithm, value: sum.digest() } : undefined;
		checkChecksum(checksum, expected);
		return { content: await sink.close(), md5: digest.toString('hex'), checksum };
	} catch (error) {
		await sink.discard();
		throw error;
	}
}

function announcedAlgorithm(headers: Record<string, string | undefined>): Algorithm | undefined {
	const named = ALGORITHMS.filter(
		(name) =>
			headers[`x-amz-checksum-${name}`] !== undefined ||
			headers['x-amz-trailer']?.toLowerCase() === `x-amz-checksum-${name}`,
	);
	if (named.length > 1) {
		throw new S3Error(400, 'InvalidRequest', 'Expecting a single x-amz-checksum- header.');
	}
	return named[0];
}

function checkSha256(found: string | undefined, payload: string): void {
	if (found === undefined || found === payload) return;
	throw new S3Error(
		400,
		'XAmzContentSHA256Mismatch',
		"The provided 'x-amz-content-sha256' header does not match what was computed.",
	);
}

function checkMd5(header: string | undefined, digest: Buffer): void {
	if (header === undefined) return;
	if (Buffer.from(header, 'base64').length !== 16) {
		throw new S3Error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.');
	}
	if (header !== digest.toString('base64')) {
		throw badDigest('The Content-MD5 you specified did not match what we received.');
	}
}

function checkChecksum(found: Received['checksum'], { headers, trailers }: Expectations): void {
	if (found === undefined) return;
	const name = `x-amz-checksum-${found.algorithm}`;
	const claimed = headers[name] ?? trailers.get(name);
	if (claimed === undefined) throw invalidArgument(`The trailer ${name} is missing.`);
	if (claimed !== found.value) {
		throw badDigest(
			`The ${found.algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
		);
	}
}

class MemorySink {
	private readonly pieces: Buffer[] = [];
	private size = 0;

	write(chunk: Buffer): Promise<void> {
		// A chunk of a socket may be a window on a much larger buffer.
		this.pieces.push(Buffer.from(chunk));
		this.size += chunk.length;
		return Promise.resolve();
	}

	close(): Promise<Content> {
		return Promise.resolve({ size: this.size, pieces: this.pieces });
	}

	discard(): Promise<void> {
		return Promise.resolve();
	}
}

class FileSink {
	private readonly handle;
	private size = 0;

	constructor(private readonly file: string) {
		this.handle = open(file, 'wx');
	}

	async write(chunk: Buffer): Promise<void> {
		await (await this.handle).write(chunk);
		this.size += chunk.length;
	}

	async close(): Promise<Content> {
		await (await this.handle).close();
		return { size: this.size, pieces: [{ file: this.file, size: this.size }] };
	}

	async discard(): Promise<void> {
		await (await this.handle).close().catch(() => undefined);
		await rm(this.file, { force: true });
	}
}
