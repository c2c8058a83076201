import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { StoredChecksum } from '../checksums/stored';

/** Bytes that can be read from the beginning more than once, so that a retry never sends half. */
export interface ByteSource {
	/** Bytes, where that is known beforehand. */
	size?: number | undefined;
	contentType?: string | undefined;
	/** A new stream from the first byte; the caller destroys it. */
	open(): Promise<Readable>;
	/** Where the bytes are all in memory: the same again, of which a small object needs no stream. */
	bytes?: Buffer;
	/** Where the bytes are a file: that file, to be read from anywhere; the caller closes it. */
	openFile?: (() => Promise<FileHandle>) | undefined;
}

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html */
export type Encryption =
	| { kind: 's3' }
	| {
			kind: 'kms' | 'kmsDsse';
			/** Key ID, ARN or alias; undefined is the account's own key for S3. */
			keyId?: string | undefined;
			context?: Record<string, string> | undefined;
			bucketKey?: boolean | undefined;
	  }
	| {
			kind: 'customer';
			/** 32 bytes in base64. */
			key: string;
	  };

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
	/** Names with or without `x-amz-meta-`; other than ASCII values are stored as RFC 2047 words. */
	metadata?: Record<string, string> | undefined;
	tags?: Record<string, string> | undefined;
	storageClass?: string | undefined;
	/** A canned ACL, e.g. `bucket-owner-full-control`. */
	acl?: string | undefined;
	encryption?: Encryption | undefined;
	/** `never`: only where the key is free; `ifMatch`: only over the object with `etag`. */
	overwrite?: 'always' | 'never' | 'ifMatch' | undefined;
	etag?: string | undefined;
	/** Undefined: CRC32 on AWS, none on other servers. */
	checksum?: ChecksumAlgorithm | 'MD5' | undefined;
	/** Bytes; undefined: 8 MiB, more where 10,000 parts would not be enough. */
	partSize?: number | undefined;
	/** Bytes; undefined: what the connection says. */
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

export interface PutResult {
	bucket: string;
	key: string;
	/** Bytes stored. */
	size: number;
	/** Without quotes; undefined where the server gives none. */
	etag: string | undefined;
	versionId: string | undefined;
	contentType: string | undefined;
	/** What the server stored, where it names one. */
	checksum: StoredChecksum | undefined;
	/** Parts of a multipart upload; 1 for a single PUT. */
	parts: number;
}
