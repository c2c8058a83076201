import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ALGORITHMS, running } from './checksums';
import type { Algorithm, Running } from './checksums';
import type { Trailers } from './chunked';
import { badDigest, invalidRequest, S3Error } from './S3Error';

/** A part of a file, which is deleted with the last content that refers to it. */
interface FilePiece {
	file: { path: string; references: number };
	start: number;
	size: number;
}

/** Bytes of an object or part: in memory, or in files. */
export interface Content {
	size: number;
	pieces: readonly (Buffer | FilePiece)[];
}

export interface Received {
	content: Content;
	/** Hexadecimal. */
	md5: string;
	checksum: { algorithm: Algorithm; value: string } | undefined;
}

const READ_SIZE = 512 * 1024;

/** The bytes of a content, in the pieces in which they are kept. */
export async function* read({ pieces }: Content): AsyncGenerator<Buffer> {
	for (const piece of pieces) {
		if (Buffer.isBuffer(piece)) yield piece;
		else {
			const { file, start, size } = piece;
			const end = start + size - 1;
			yield* createReadStream(file.path, { start, end, highWaterMark: READ_SIZE });
		}
	}
}

/** The bytes from `start` to `end` (exclusive), to be discarded like any other content. */
export function slice({ pieces }: Content, start: number, end: number): Content {
	let offset = 0;
	const kept = pieces.flatMap((piece): (Buffer | FilePiece)[] => {
		const size = Buffer.isBuffer(piece) ? piece.length : piece.size;
		const from = Math.max(0, start - offset);
		const to = Math.min(size, end - offset);
		offset += size;
		if (from >= to) return [];
		if (Buffer.isBuffer(piece)) return [piece.subarray(from, to)];
		return [{ file: piece.file, start: piece.start + from, size: to - from }];
	});
	for (const piece of kept) if (!Buffer.isBuffer(piece)) piece.file.references += 1;
	return { size: end - start, pieces: kept };
}

/** One content after the other, which takes over what they refer to. */
export function joined(contents: readonly Content[]): Content {
	return {
		size: contents.reduce((sum, { size }) => sum + size, 0),
		pieces: contents.flatMap(({ pieces }) => pieces),
	};
}

/** MD5, in hexadecimal, of bytes that are here already. */
export async function readMd5(content: Content): Promise<string> {
	const md5 = createHash('md5');
	for await (const chunk of read(content)) md5.update(chunk);
	return md5.digest('hex');
}

/** Checksum of bytes that are here already. */
export async function readChecksum(
	content: Content,
	algorithm: Algorithm,
): Promise<NonNullable<Received['checksum']>> {
	const sum = running(algorithm);
	for await (const chunk of read(content)) sum.update(chunk);
	return { algorithm, value: sum.digest() };
}

/** Deletes the files that no other content refers to. */
export function discard({ pieces }: Content): void {
	for (const piece of pieces) {
		if (Buffer.isBuffer(piece)) continue;
		piece.file.references -= 1;
		if (piece.file.references === 0) void rm(piece.file.path, { force: true });
	}
}

export interface Expectations {
	headers: Record<string, string | undefined>;
	trailers: Trailers;
	/** `x-amz-content-sha256` of the request. */
	payload: string;
	/** Bytes at most. */
	limit: number;
	/** For the bytes; undefined: they are kept in memory. */
	directory: string | undefined;
}

/**
 * Receives a body and checks it against everything that the client said of it. Throws before anything
 * of it is visible.
 */
export async function receive(
	body: AsyncIterable<Buffer>,
	expected: Expectations,
): Promise<Received> {
	const { headers, payload, limit, directory } = expected;
	const md5 = createHash('md5');
	const sha256 = /^[0-9a-f]{64}$/.test(payload) ? createHash('sha256') : undefined;
	const algorithm = announcedAlgorithm(headers);
	const sum: Running | undefined = algorithm === undefined ? undefined : running(algorithm);
	const sink =
		directory === undefined ? new MemorySink() : new FileSink(join(directory, randomUUID()));
	try {
		for await (const chunk of body) {
			md5.update(chunk);
			sha256?.update(chunk);
			sum?.update(chunk);
			const busy = sink.write(chunk);
			if (busy !== undefined) await busy;
			if (sink.size > limit) throw entityTooLarge(sink.size, limit);
		}
		const digest = md5.digest();
		checkSha256(sha256?.digest('hex'), payload);
		checkMd5(headers['content-md5'], digest);
		const checksum = algorithm && sum ? { algorithm, value: sum.digest() } : undefined;
		checkChecksum(checksum, expected);
		return { content: await sink.close(), md5: digest.toString('hex'), checksum };
	} catch (error) {
		await sink.discard();
		throw error;
	}
}

export const entityTooLarge = (size: number, limit: number) =>
	new S3Error(
		400,
		'EntityTooLarge',
		'Your proposed upload exceeds the maximum allowed object size.',
		{ fields: { ProposedSize: String(size), MaxSizeAllowed: String(limit) } },
	);

/** The one checksum that headers or trailers have. */
function announcedAlgorithm(headers: Expectations['headers']): Algorithm | undefined {
	const trailer = headers['x-amz-trailer']?.toLowerCase();
	const named = ALGORITHMS.filter(
		(name) =>
			headers[`x-amz-checksum-${name}`] !== undefined || trailer === `x-amz-checksum-${name}`,
	);
	if (named.length > 1) {
		throw invalidRequest(
			'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
		);
	}
	const [algorithm] = named;
	if (trailer !== undefined && trailer !== `x-amz-checksum-${String(algorithm)}`) {
		throw invalidRequest('The value specified in the x-amz-trailer header is not supported');
	}
	const promised = headers['x-amz-sdk-checksum-algorithm']?.toLowerCase();
	if (promised !== undefined && promised !== algorithm) {
		throw invalidRequest(
			algorithm === undefined
				? 'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.'
				: 'Value for x-amz-sdk-checksum-algorithm header is invalid.',
		);
	}
	return algorithm;
}

function checkSha256(found: string | undefined, payload: string): void {
	if (found === undefined || found === payload) return;
	throw new S3Error(
		400,
		'XAmzContentSHA256Mismatch',
		"The provided 'x-amz-content-sha256' header does not match what was computed.",
		{ fields: { ClientComputedContentSHA256: payload, S3ComputedContentSHA256: found } },
	);
}

function checkMd5(header: string | undefined, digest: Buffer): void {
	if (header === undefined) return;
	if (Buffer.from(header, 'base64').length !== 16) {
		throw new S3Error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.');
	}
	if (header === digest.toString('base64')) return;
	throw badDigest('The Content-MD5 you specified did not match what we received.', {
		ExpectedDigest: header,
		CalculatedDigest: digest.toString('base64'),
	});
}

function checkChecksum(found: Received['checksum'], { headers, trailers }: Expectations): void {
	if (found === undefined) return;
	const name = `x-amz-checksum-${found.algorithm}`;
	const claimed = headers[name] ?? trailers.get(name);
	if (claimed === found.value) return;
	const length = Buffer.from(found.value, 'base64').length;
	if (claimed === undefined || Buffer.from(claimed, 'base64').length !== length) {
		throw invalidRequest(`Value for ${name} header is invalid.`);
	}
	throw badDigest(
		`The ${found.algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
	);
}

class MemorySink {
	size = 0;
	private readonly pieces: Buffer[] = [];

	write(chunk: Buffer): undefined {
		this.pieces.push(chunk);
		this.size += chunk.length;
	}

	close(): Promise<Content> {
		// Many small chunks take more memory and time than their bytes.
		const small = this.size / Math.max(1, this.pieces.length) < 4096;
		const pieces = small ? [Buffer.concat(this.pieces)] : this.pieces;
		return Promise.resolve({ size: this.size, pieces });
	}

	discard(): Promise<void> {
		return Promise.resolve();
	}
}

const WRITE_SIZE = 1024 * 1024;

/** Writes one batch of pieces to a file while the next one is collected. */
class FileSink {
	size = 0;
	private collected: Buffer[] = [];
	private collectedSize = 0;
	private writing: Promise<unknown> = Promise.resolve();
	private handle: FileHandle | undefined;

	constructor(private readonly path: string) {}

	write(chunk: Buffer): Promise<void> | undefined {
		this.collected.push(chunk);
		this.collectedSize += chunk.length;
		this.size += chunk.length;
		return this.collectedSize < WRITE_SIZE ? undefined : this.flush();
	}

	private async flush(): Promise<void> {
		const batch = this.collected;
		this.collected = [];
		this.collectedSize = 0;
		await this.writing;
		const handle = (this.handle ??= await open(this.path, 'wx'));
		this.writing = handle.writev(batch);
		// An error is thrown when it is awaited next.
		this.writing.catch(() => undefined);
	}

	async close(): Promise<Content> {
		// Small content needs no file.
		if (this.handle === undefined) return { size: this.size, pieces: this.collected };
		if (this.collectedSize > 0) await this.flush();
		await this.writing;
		await this.handle.close();
		const file = { path: this.path, references: 1 };
		return { size: this.size, pieces: [{ file, start: 0, size: this.size }] };
	}

	async discard(): Promise<void> {
		await this.writing.catch(() => undefined);
		await this.handle?.close().catch(() => undefined);
		await rm(this.path, { force: true });
	}
}
