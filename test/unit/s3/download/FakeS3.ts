import { Readable } from 'node:stream';
import type { S3, SendOptions } from '../../../../s3/client/S3';
import type { Download } from '../../../../s3/download/Download';
import { objectHead } from '../../../../s3/headers/objectHead';
import { MemoryBudget } from '../../../../s3/memory/MemoryBudget';
import type { GetObjectCommandInput, GetObjectCommandOutput } from '../../../../s3/sdk';
import { connectionTo } from '../../../servers/connectionTo';

export const ETAG = '0123456789abcdef0123456789abcdef';
const bucket = 'bucket';
const key = 'key';

type Response = Partial<GetObjectCommandOutput>;

/** One object in memory behind the interface of a connection, to see what a download asks for. */
export class FakeS3 implements S3 {
	readonly connection = connectionTo({
		region: 'us-east-1',
		endpoint: 'http://s3.test',
		users: { main: { accessKeyId: 'id', secretAccessKey: 'secret' } },
	});
	readonly readMemory = new MemoryBudget(96 * 1024 * 1024);
	readonly writeMemory = new MemoryBudget(0);
	/** What was asked for, with the name of the call before it. */
	readonly sent: [string, GetObjectCommandInput][] = [];

	/**
	 * @param change what a response says differently; it may throw in place of a response
	 * @param bodyOf the bytes that arrive of a body, which a break may follow
	 */
	constructor(
		private readonly bytes: Buffer,
		private readonly change: (input: GetObjectCommandInput, count: number) => Response = () => ({}),
		private readonly bodyOf: (bytes: Buffer, count: number) => (Buffer | Error)[] = (whole) => [
			whole,
		],
	) {}

	send: S3['send'] = async (name, input, { body, signal }: SendOptions) => {
		await Promise.resolve();
		const request = input as GetObjectCommandInput;
		const count = this.sent.push([name, request]);
		if (signal?.aborted === true) throw new Error('stopped');
		const { start, end } = rangeOf(request.Range, this.bytes.length);
		const arriving = this.bodyOf(this.bytes.subarray(start, end), count);
		const response: Response = {
			$metadata: {},
			ETag: `"${ETAG}"`,
			ContentLength: end - start,
			...(request.Range && { ContentRange: `bytes ${start}-${end - 1}/${this.bytes.length}` }),
			...this.change(request, count),
		};
		if (body === undefined) return { ...response, Body: streamOf(arriving) } as never;
		for (const piece of arriving) {
			if (Buffer.isBuffer(piece)) body.filled += piece.copy(body.memory, body.filled);
			else body.failure = piece;
		}
		return { ...response, Body: Readable.from([]) } as never;
	};

	/** The ranges asked for so far. */
	get ranges(): (string | undefined)[] {
		return this.sent.map(([, { Range: range }]) => range);
	}

	/** A download of the object, after its first response. */
	download(response: Response = {}): Download {
		const head = { ETag: ETAG, ContentLength: this.bytes.length, ...response };
		return {
			s3: this,
			request: { bucket, key },
			input: { Bucket: bucket, Key: key, IfNoneMatch: 'other' },
			head: objectHead({ bucket, key }, head as GetObjectCommandOutput),
		};
	}
}

function rangeOf(range: string | undefined, size: number): { start: number; end: number } {
	const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
	return { start: Number(first ?? 0), end: last ? Number(last) + 1 : size };
}

function streamOf(pieces: (Buffer | Error)[]): Readable {
	return Readable.from(
		(function* () {
			for (const piece of pieces) {
				if (!Buffer.isBuffer(piece)) throw piece;
				yield piece;
			}
		})(),
		{ objectMode: false },
	);
}

/** All bytes of a reader. */
export async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
	const collected: Buffer[] = [];
	for await (const chunk of chunks) collected.push(chunk);
	return Buffer.concat(collected);
}

/** Bytes of which each place has another one than its neighbours. */
export function bytesOf(size: number): Buffer {
	const bytes = Buffer.alloc(size);
	for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >> 13)) % 251;
	return bytes;
}
