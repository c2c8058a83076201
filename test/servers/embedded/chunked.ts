import { hmac, sha256 } from './signature';
import type { Verified } from './signature';
import { S3Error } from './S3Error';

const EMPTY_SHA256 = sha256('');

/** Trailing headers of a body in chunks, filled when its end has been read. */
export type Trailers = Map<string, string>;

/**
 * The content of an `aws-chunked` body. Signatures of chunks and trailers are checked where the
 * payload kind has them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export async function* decodeChunked(
	body: AsyncIterable<Buffer>,
	{ payload, verified, trailers }: { payload: string; verified: Verified; trailers: Trailers },
): AsyncGenerator<Buffer> {
	const signed = payload.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
	const input = new ByteReader(body);
	let previous = verified.signature;
	for (;;) {
		const line = await input.line();
		const [size = '', ...extensions] = line.split(';');
		if (!/^[0-9a-f]+$/i.test(size)) throw incomplete();
		const length = parseInt(size, 16);
		const data = await input.take(length);
		if (signed) {
			const claimed = extensions.find((part) => part.startsWith('chunk-signature='))?.slice(16);
			const expected = chunkSignature(verified, previous, data);
			if (claimed !== expected) throw wrongSignature();
			previous = expected;
		}
		if (length === 0) break;
		if ((await input.line()) !== '') throw incomplete();
		yield data;
	}
	await readTrailers(input, trailers, signed ? { verified, previous } : undefined);
}

async function readTrailers(
	input: ByteReader,
	trailers: Trailers,
	signing: { verified: Verified; previous: string } | undefined,
): Promise<void> {
	for (let line = await input.line(); line !== ''; line = await input.line()) {
		const colon = line.indexOf(':');
		if (colon === -1) throw new S3Error(400, 'MalformedTrailerError', 'The trailer is malformed.');
		trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
	}
	const claimed = trailers.get('x-amz-trailer-signature');
	trailers.delete('x-amz-trailer-signature');
	if (signing === undefined || trailers.size === 0) return;
	const { verified, previous } = signing;
	const canonical = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('');
	const text = [
		'AWS4-HMAC-SHA256-TRAILER',
		verified.date,
		verified.scope,
		previous,
		sha256(canonical),
	];
	if (claimed !== hmac(verified.signingKey, text.join('\n')).toString('hex'))
		throw wrongSignature();
}

function chunkSignature(
	{ date, scope, signingKey }: Verified,
	previous: string,
	data: Buffer,
): string {
	const text = ['AWS4-HMAC-SHA256-PAYLOAD', date, scope, previous, EMPTY_SHA256, sha256(data)];
	return hmac(signingKey, text.join('\n')).toString('hex');
}

const wrongSignature = () =>
	new S3Error(403, 'SignatureDoesNotMatch', 'The signature of a chunk does not match its data.');
const incomplete = () =>
	new S3Error(400, 'IncompleteBody', 'The request body terminated unexpectedly');

/** Takes lines and counted bytes from chunks of any size. */
class ByteReader {
	private readonly chunks: AsyncIterator<Buffer>;
	private rest: Buffer = Buffer.alloc(0);

	constructor(body: AsyncIterable<Buffer>) {
		this.chunks = body[Symbol.asyncIterator]();
	}

	async line(): Promise<string> {
		for (;;) {
			const end = this.rest.indexOf('\r\n');
			if (end !== -1) {
				const line = this.rest.subarray(0, end).toString();
				this.rest = this.rest.subarray(end + 2);
				return line;
			}
			if (!(await this.more())) throw incomplete();
		}
	}

	async take(length: number): Promise<Buffer> {
		while (this.rest.length < length) if (!(await this.more())) throw incomplete();
		const data = this.rest.subarray(0, length);
		this.rest = this.rest.subarray(length);
		return data;
	}

	private async more(): Promise<boolean> {
		const next = await this.chunks.next();
		if (next.done === true) return false;
		this.rest = this.rest.length === 0 ? next.value : Buffer.concat([this.rest, next.value]);
		return true;
	}
}
