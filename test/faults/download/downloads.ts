import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { S3 } from '../../../s3/client/S3';
import { getObject } from '../../../s3/download/getObject';
import type { GetRequest } from '../../../s3/download/getObject';
import { putObject } from '../../../s3/upload/putObject';
import type { PutRequest } from '../../../s3/upload/putObject';
import { keyBytes } from '../../servers/embedded/store';
import { withConnection } from '../../servers/withServer';
import type { ConnectedServer, ServerOptions } from '../../servers/withServer';
import { bytesFrom } from '../../bytes';

export const MiB = 1024 * 1024;
/** Bytes that one request of a large download asks for. */
export const RANGE = 8 * MiB;
/** Bytes that all downloads over one connection may hold in memory. */
export const READ_MEMORY = 96 * MiB;
/** More than the sockets that one connection may have at once. */
export const MORE_THAN_SOCKETS = 80;

/** Read over several connections. */
export const large = bytesFrom(29 * MiB + 17, (i) => (i * 31) % 251);
/** Read from one response. */
export const small = large.subarray(0, 3 * MiB);

/** An embedded server with one bucket, for the tests of a file. */
export class Downloads {
	readonly server: ConnectedServer;

	/** Starts the server before the tests and stops it after them. */
	constructor(
		readonly bucket: string,
		options: ServerOptions = {},
	) {
		this.server = withConnection({ ...options, buckets: [bucket] });
	}

	/** The connection to the server. */
	get s3(): S3 {
		return this.server.s3;
	}

	/** Stores an object; its requests are not among those that are counted. */
	async store(
		key: string,
		bytes: Buffer,
		settings: Partial<PutRequest> = {},
		s3 = this.s3,
	): Promise<void> {
		const open = () => Promise.resolve(Readable.from([bytes], { objectMode: false }));
		const source = { size: bytes.length, open };
		const request = { bucket: this.bucket, key, source, ...settings };
		await putObject(s3, request, { signal: undefined, retryFor: 1000 });
		this.server.requests.length = 0;
	}

	/** Begins to read an object. */
	async open(
		key: string,
		{
			s3 = this.s3,
			signal,
			...request
		}: Partial<GetRequest> & { s3?: S3; signal?: AbortSignal } = {},
	) {
		return await getObject(
			s3,
			{ bucket: this.bucket, key, ...request },
			{ signal, retryFor: 1000 },
		);
	}

	/** Reads an object to its end. */
	async get(...of: Parameters<Downloads['open']>): Promise<Buffer> {
		const { body } = await this.open(...of);
		return await buffer(body);
	}

	/** The connection to a server that says less, or something else, of each object, or only in some calls. */
	saying(fields: object, calls: readonly string[] = ['GetObject', 'HeadObject']): S3 {
		const { connection, readMemory, writeMemory } = this.s3;
		const send: S3['send'] = async (name, input, options) => ({
			...(await this.s3.send(name, input, options)),
			...(calls.includes(name) && fields),
		});
		return { connection, readMemory, writeMemory, send };
	}

	/** The connection of a program that sends something else. */
	asking(fields: object): S3 {
		const { connection, readMemory, writeMemory } = this.s3;
		const send: S3['send'] = async (name, input, options) =>
			await this.s3.send(name, { ...input, ...fields }, options);
		return { connection, readMemory, writeMemory, send };
	}

	/** Makes one byte of a stored object another. */
	damage(key: string, position: number): void {
		let start = 0;
		for (const piece of this.server.store.bucket(this.bucket).get(keyBytes(key))!.content!.pieces) {
			if (!Buffer.isBuffer(piece)) throw new Error('the objects of this server are in memory');
			const index = position - start;
			if (index >= 0 && index < piece.length) piece[index]! ^= 1;
			start += piece.length;
		}
	}

	/** The ranges of the requests so far. */
	get ranges(): (string | undefined)[] {
		return this.server.requests.map(({ headers }) => headers.range);
	}

	/** Resolves when nothing holds memory for ranges any more. */
	async memoryIsFree(): Promise<void> {
		(await this.s3.readMemory.reserve(READ_MEMORY))();
	}
}
