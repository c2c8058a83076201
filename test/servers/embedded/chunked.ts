import { createHash } from 'node:crypto';
import type { Verified } from './authentication';
import { S3Error } from './S3Error';
import { hmac, sha256 } from './signature';

/** Trailing headers of a body in chunks, filled when its end has been read. */
export type Trailers = Map<string, string>;

export interface ChunkedBody {
	/** `x-amz-content-sha256` of the request. */
	payload: string;
	/** What the chunks' signatures are chained to. */
	seed: Pick<Verified, 'signature' | 'scope' | 'date' | 'signingKey'>;
	/** Names that `x-amz-trailer` announced. */
	announced: readonly string[];
	trailers: Trailers;
}

const EMPTY_SHA256 = sha256('');
const SMALLEST_CHUNK = 8192;
const LONGEST_LINE = 16 * 1024;
const KINDS = [
	'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
	'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
	'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
];

/**
 * The content of an `aws-chunked` body, as it comes. Signatures of chunks and trailers are checked
 * if the payload kind has them; the content counts only after the end has been reached.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export async function* decodeChunked(
	body: AsyncIterable<Buffer>,
	kind: ChunkedBody,
): AsyncGenerator<Buffer> {
	const input = new ByteReader(body);
	try {
		yield* decode(input, kind);
	} finally {
		await input.close();
	}
}

async function* decode(
	input: ByteReader,
	{ payload, seed, announced, trailers }: ChunkedBody,
): AsyncGenerator<Buffer> {
	if (!KINDS.includes(payload)) {
		throw new S3Error(501, 'NotImplemented', `Payloads of the kind ${payload} are not supported.`);
	}
	const signed = payload.startsWith('STREAMING-AWS4-');
	let previous = seed.signature;
	for (let number = 1, last = Infinity; ; number++) {
		const [size = '', ...extensions] = (await input.line()).split(';');
		if (!/^[0-9a-f]{1,12}$/i.test(size)) throw incomplete();
		const length = parseInt(size, 16);
		if (length > 0 && last < SMALLEST_CHUNK) throw tooSmall(number - 1, last);
		last = length;
		const hash = signed ? createHash('sha256') : undefined;
		for await (const piece of input.take(length)) {
			hash?.update(piece);
			yield piece;
		}
		if (hash !== undefined) {
			const claimed = extensions.find((part) => part.startsWith('chunk-signature='))?.slice(16);
			const text = ['AWS4-HMAC-SHA256-PAYLOAD', seed.date, seed.scope, previous, EMPTY_SHA256];
			previous = sign(seed, [...text, hash.digest('hex')]);
			if (claimed !== previous) throw wrongSignature();
		}
		if (length === 0) break;
		if ((await input.line()) !== '') throw incomplete();
	}
	await readTrailers(input, trailers);
	checkTrailers(trailers, payload.endsWith('-TRAILER') ? announced : []);
	if (signed && announced.length > 0) checkTrailerSignature(trailers, seed, previous);
	trailers.delete(TRAILER_SIGNATURE);
}

const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

async function readTrailers(input: ByteReader, trailers: Trailers): Promise<void> {
	for (let line = await input.line(); line !== ''; line = await input.line()) {
		const colon = line.indexOf(':');
		if (colon === -1) throw malformedTrailer();
		trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
	}
	if (!(await input.atEnd())) throw incomplete();
}

function checkTrailers(trailers: Trailers, announced: readonly string[]): void {
	const names = [...trailers.keys()].filter((name) => name !== TRAILER_SIGNATURE);
	const same = names.length === announced.length && names.every((name) => announced.includes(name));
	if (!same) throw malformedTrailer();
}

function checkTrailerSignature(
	trailers: Trailers,
	seed: ChunkedBody['seed'],
	previous: string,
): void {
	const canonical = [...trailers]
		.filter(([name]) => name !== TRAILER_SIGNATURE)
		.map(([name, value]) => `${name}:${value}\n`)
		.sort();
	const text = ['AWS4-HMAC-SHA256-TRAILER', seed.date, seed.scope, previous];
	const expected = sign(seed, [...text, sha256(canonical.join(''))]);
	if (trailers.get(TRAILER_SIGNATURE) !== expected) throw wrongSignature();
}

const sign = ({ signingKey }: ChunkedBody['seed'], lines: string[]): string =>
	hmac(signingKey, lines.join('\n')).toString('hex');

const wrongSignature = () =>
	new S3Error(403, 'SignatureDoesNotMatch', 'The signature of a chunk does not match its data.');
const incomplete = () =>
	new S3Error(400, 'IncompleteBody', 'The request body terminated unexpectedly');
const malformedTrailer = () =>
	new S3Error(
		400,
		'MalformedTrailerError',
		'The request contained trailing data that was not well-formed or did not conform to our published schema.',
	);
const tooSmall = (chunk: number, size: number) =>
	new S3Error(
		403,
		'InvalidChunkSizeError',
		'Only the last chunk is allowed to have a size less than 8192 bytes',
		{ fields: { Chunk: String(chunk), BadChunkSize: String(size) } },
	);

/** Takes lines and counted bytes from pieces of any size. */
class ByteReader {
	private readonly pieces: AsyncIterator<Buffer>;
	private rest: Buffer = Buffer.alloc(0);

	constructor(body: AsyncIterable<Buffer>) {
		this.pieces = body[Symbol.asyncIterator]();
	}

	/** Up to the next line end, which is left out. */
	async line(): Promise<string> {
		for (;;) {
			const end = this.rest.indexOf('\r\n');
			if (end !== -1) {
				const line = this.rest.toString('latin1', 0, end);
				this.rest = this.rest.subarray(end + 2);
				return line;
			}
			const before = this.rest;
			if (before.length > LONGEST_LINE || !(await this.next())) throw incomplete();
			this.rest = Buffer.concat([before, this.rest]);
		}
	}

	/** So many bytes, in the pieces in which they come. */
	async *take(length: number): AsyncGenerator<Buffer> {
		for (let left = length; left > 0;) {
			if (this.rest.length === 0 && !(await this.next())) throw incomplete();
			const piece = this.rest.subarray(0, left);
			this.rest = this.rest.subarray(piece.length);
			left -= piece.length;
			yield piece;
		}
	}

	async atEnd(): Promise<boolean> {
		while (this.rest.length === 0) if (!(await this.next())) return true;
		return false;
	}

	/** Leaves the rest of the body to others. */
	async close(): Promise<void> {
		await this.pieces.return?.();
	}

	/** Replaces the rest; false at the end. */
	private async next(): Promise<boolean> {
		const next = await this.pieces.next();
		if (next.done === true) return false;
		this.rest = next.value;
		return true;
	}
}
