import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Encryption } from '../headers/encryption';

/** The bytes of an object; they can be read from the beginning more than once, for retries. */
export interface ByteSource {
	/** Number of bytes, if it is known beforehand. */
	size?: number | undefined;
	contentType?: string | undefined;
	/** A new stream from the first byte; the caller destroys it. */
	open(): Promise<Readable>;
	/** All bytes, if they are in memory: a small object then needs no stream. */
	bytes?: Buffer;
	/** Opens the file that holds the bytes, if one does; the caller closes it. */
	openFile?: (() => Promise<FileHandle>) | undefined;
}

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

/** One object to store. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export interface PutRequest {
	bucket: string;
	key: string;
	source: ByteSource;
	contentType?: string | undefined;
	contentDisposition?: string | undefined;
	contentEncoding?: string | undefined;
	contentLanguage?: string | undefined;
	cacheControl?: string | undefined;
	expires?: Date | undefined;
	/** Names with or without `x-amz-meta-`; values beyond ASCII are stored as words of RFC 2047. */
	metadata?: Record<string, string> | undefined;
	tags?: Record<string, string> | undefined;
	storageClass?: string | undefined;
	/** A canned ACL, e.g. `bucket-owner-full-control`. */
	acl?: string | undefined;
	encryption?: Encryption | undefined;
	/** `never`: only if there is no object with this key; `ifMatch`: only over the object with `etag`. */
	overwrite?: 'always' | 'never' | 'ifMatch' | undefined;
	etag?: string | undefined;
	/** Undefined: CRC32 on AWS, none on other servers, but MD5 for small objects and object locks. */
	checksum?: ChecksumAlgorithm | 'MD5' | undefined;
	/** Bytes; undefined: 8 MiB, more if 10,000 parts would not be enough. */
	partSize?: number | undefined;
	/** Bytes above which parts are used; undefined: what the connection says. */
	multipartThreshold?: number | undefined;
	objectLock?:
		| {
				mode?: 'GOVERNANCE' | 'COMPLIANCE' | undefined;
				retainUntil?: Date | undefined;
				legalHold?: boolean | undefined;
		  }
		| undefined;
	requestPayer?: boolean | undefined;
	expectedBucketOwner?: string | undefined;
}
