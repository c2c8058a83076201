import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { WriteRequest } from '../write/WriteRequest';

/** The bytes of an object; they can be read from the beginning more than once, for retries. */
export interface ByteSource {
	/** Number of bytes, if it is known beforehand. */
	size?: number | undefined;
	contentType?: string | undefined;
	/** Whether to read it more than once only if there is no other way. */
	readOnce?: boolean | undefined;
	/** A new stream from the first byte; the caller destroys it. */
	open(): Promise<Readable>;
	/** All bytes, if they are in memory: a small object then needs no stream. */
	bytes?: Buffer;
	/** Opens the file that holds the bytes, if one does; the caller closes it. */
	openFile?: (() => Promise<FileHandle>) | undefined;
}

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

/** One object to store. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export interface PutRequest extends WriteRequest {
	source: ByteSource;
	/** Undefined: CRC32 on AWS, none on other servers, but MD5 for small objects and object locks. */
	checksum?: ChecksumAlgorithm | 'MD5' | undefined;
	/** Bytes; undefined: 8 MiB, more if 10,000 parts would not be enough. */
	partSize?: number | undefined;
	/** Bytes above which parts are used; undefined: what the connection says. */
	multipartThreshold?: number | undefined;
}
