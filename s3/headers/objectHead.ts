import { storedChecksum } from '../checksums/stored';
import type { StoredChecksum } from '../checksums/stored';
import { bareEtag } from './etag';
import { decodeMetadata } from './metadata';
import type { GetObjectCommandOutput } from '../sdk';

/** What S3 says about an object, besides its bytes; undefined if it says nothing. */
export interface ObjectHead {
	bucket: string;
	key: string;
	/** Bytes of the response's body; undefined if the server does not say. */
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
	/** As in HTTP, e.g. `bytes 0-99/1000`; of a range only. */
	contentRange: string | undefined;
	/** As stored, which need not be a date. */
	expires: string | undefined;
	storageClass: string | undefined;
	/** `AES256`, `aws:kms` or `aws:kms:dsse`; SSE-C says `AES256` too. */
	encryption: string | undefined;
	kmsKeyId: string | undefined;
	tagCount: number | undefined;
	/** Of the whole object; S3 gives none with a range. */
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

/** Reads the headers of a response about an object. */
export function objectHead(
	{ bucket, key }: { bucket: string; key: string },
	response: Omit<GetObjectCommandOutput, 'Body'>,
): ObjectHead {
	return {
		bucket,
		key,
		size: response.ContentLength,
		contentType: response.ContentType,
		etag: bareEtag(response.ETag),
		lastModified: response.LastModified?.toISOString(),
		versionId: response.VersionId,
		metadata: decodeMetadata(response.Metadata),
		cacheControl: response.CacheControl,
		contentDisposition: response.ContentDisposition,
		contentEncoding: response.ContentEncoding,
		contentLanguage: response.ContentLanguage,
		contentRange: response.ContentRange,
		expires: response.ExpiresString,
		storageClass: response.StorageClass,
		encryption: response.ServerSideEncryption ?? response.SSECustomerAlgorithm,
		kmsKeyId: response.SSEKMSKeyId,
		tagCount: response.TagCount,
		checksum: storedChecksum(response),
		replicationStatus: response.ReplicationStatus,
		objectLockMode: response.ObjectLockMode,
		objectLockRetainUntil: response.ObjectLockRetainUntilDate?.toISOString(),
		objectLockLegalHold:
			response.ObjectLockLegalHoldStatus === undefined
				? undefined
				: response.ObjectLockLegalHoldStatus === 'ON',
		restore: response.Restore,
		expiration: response.Expiration,
		websiteRedirectLocation: response.WebsiteRedirectLocation,
	};
}
