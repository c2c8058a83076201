import { storedChecksum } from '../checksums/stored';
import type { StoredChecksum } from '../checksums/stored';
import { bareEtag } from './etag';
import { readMetadata } from './metadata';
import type { GetObjectCommandOutput } from '../sdk';

/** What S3 says of an object beside its bytes; absent where it says nothing. */
export interface ObjectHead {
	bucket: string;
	key: string;
	/** Bytes of the body returned; undefined where the server does not say. */
	size: number | undefined;
	contentType: string | undefined;
	/** Without quotes. */
	etag: string | undefined;
	/** ISO 8601. */
	lastModified: string | undefined;
	versionId: string | undefined;
	/** Names in lower case, without `x-amz-meta-`. */
	metadata: Record<string, string>;
	cacheControl: string | undefined;
	contentDisposition: string | undefined;
	contentEncoding: string | undefined;
	contentLanguage: string | undefined;
	/** As in HTTP, e.g. `bytes 0-99/1000`; for a range only. */
	contentRange: string | undefined;
	/** As stored, which need not be a date. */
	expires: string | undefined;
	storageClass: string | undefined;
	/** `AES256`, `aws:kms` or `aws:kms:dsse`; SSE-C says `AES256` too. */
	encryption: string | undefined;
	kmsKeyId: string | undefined;
	tagCount: number | undefined;
	/** Of the whole object; S3 has none of a range. */
	checksum: StoredChecksum | undefined;
	replicationStatus: string | undefined;
	objectLockMode: string | undefined;
	/** ISO 8601. */
	objectLockRetainUntil: string | undefined;
	objectLockLegalHold: boolean | undefined;
	restore: string | undefined;
	expiration: string | undefined;
	websiteRedirectLocation: string | undefined;
}

/** Reads the headers of an answer about an object. */
export function objectHead(
	{ bucket, key }: { bucket: string; key: string },
	answer: Omit<GetObjectCommandOutput, 'Body'>,
): ObjectHead {
	return {
		bucket,
		key,
		size: answer.ContentLength,
		contentType: answer.ContentType,
		etag: bareEtag(answer.ETag),
		lastModified: answer.LastModified?.toISOString(),
		versionId: answer.VersionId,
		metadata: readMetadata(answer.Metadata),
		cacheControl: answer.CacheControl,
		contentDisposition: answer.ContentDisposition,
		contentEncoding: answer.ContentEncoding,
		contentLanguage: answer.ContentLanguage,
		contentRange: answer.ContentRange,
		expires: answer.ExpiresString,
		storageClass: answer.StorageClass,
		encryption: answer.ServerSideEncryption ?? answer.SSECustomerAlgorithm,
		kmsKeyId: answer.SSEKMSKeyId,
		tagCount: answer.TagCount,
		checksum: storedChecksum(answer),
		replicationStatus: answer.ReplicationStatus,
		objectLockMode: answer.ObjectLockMode,
		objectLockRetainUntil: answer.ObjectLockRetainUntilDate?.toISOString(),
		objectLockLegalHold:
			answer.ObjectLockLegalHoldStatus === undefined
				? undefined
				: answer.ObjectLockLegalHoldStatus === 'ON',
		restore: answer.Restore,
		expiration: answer.Expiration,
		websiteRedirectLocation: answer.WebsiteRedirectLocation,
	};
}
