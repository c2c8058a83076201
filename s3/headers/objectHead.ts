import { storedChecksum } from '../checksums/stored';
import type { StoredChecksum } from '../checksums/stored';
import { strongEtag } from './etag';
import { decodeMetadata } from './metadata';
import { utf8Header } from './utf8Header';
import type { GetObjectCommandOutput, HeadObjectCommandOutput } from '../sdk';

/** The fields that GetObject and HeadObject have in common. */
type ObjectOutput = Pick<
	GetObjectCommandOutput,
	keyof GetObjectCommandOutput & keyof HeadObjectCommandOutput
>;

/** What S3 says of an object beside its bytes; undefined if it says nothing. */
export interface ObjectHead {
	bucket: string;
	key: string;
	/** Bytes of the body of the response: of the range or part, if the request was for one. */
	size: number | undefined;
	contentType: string | undefined;
	/** Without quotes; undefined if it is a weak one. */
	etag: string | undefined;
	/** ISO 8601; undefined if the server does not write it as a date. */
	lastModified: string | undefined;
	versionId: string | undefined;
	/** Names in lower case, without `x-amz-meta-`. */
	metadata: Record<string, string>;
	/** How many entries of metadata S3 has and no header can carry. */
	missingMetadata: number | undefined;
	cacheControl: string | undefined;
	contentDisposition: string | undefined;
	contentEncoding: string | undefined;
	contentLanguage: string | undefined;
	/** As in HTTP, e.g. `bytes 0-99/1000`; only of a range or a part. */
	contentRange: string | undefined;
	/** As stored, which need not be a date. */
	expires: string | undefined;
	storageClass: string | undefined;
	/** `AES256`, `aws:kms` or `aws:kms:dsse`; also `AES256` with a customer's own key (SSE-C). */
	encryption: string | undefined;
	kmsKeyId: string | undefined;
	/** Whether S3 asks KMS for a key of the bucket, and not for one of each object. */
	bucketKey: boolean | undefined;
	tagCount: number | undefined;
	/** Of the whole object; S3 has none of a range. */
	checksum: StoredChecksum | undefined;
	replicationStatus: string | undefined;
	objectLockMode: string | undefined;
	/** ISO 8601; undefined if the server does not write it as a date. */
	objectLockRetainUntil: string | undefined;
	objectLockLegalHold: boolean | undefined;
	restore: string | undefined;
	expiration: string | undefined;
	websiteRedirectLocation: string | undefined;
}

/**
 * What a response of GetObject or HeadObject says of an object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function objectHead(
	{ bucket, key }: { bucket: string; key: string },
	response: ObjectOutput,
): ObjectHead {
	return {
		bucket,
		key,
		size: response.ContentLength,
		contentType: response.ContentType,
		etag: strongEtag(response.ETag),
		lastModified: isoDate(response.LastModified),
		versionId: response.VersionId,
		metadata: decodeMetadata(response.Metadata),
		missingMetadata: response.MissingMeta,
		cacheControl: response.CacheControl,
		contentDisposition: utf8Header(response.ContentDisposition),
		contentEncoding: response.ContentEncoding,
		contentLanguage: response.ContentLanguage,
		contentRange: response.ContentRange,
		expires: response.ExpiresString,
		storageClass: response.StorageClass,
		encryption: response.ServerSideEncryption ?? response.SSECustomerAlgorithm,
		kmsKeyId: response.SSEKMSKeyId,
		bucketKey: response.BucketKeyEnabled,
		tagCount: response.TagCount,
		checksum: storedChecksum(response),
		replicationStatus: response.ReplicationStatus,
		objectLockMode: response.ObjectLockMode,
		objectLockRetainUntil: isoDate(response.ObjectLockRetainUntilDate),
		objectLockLegalHold:
			response.ObjectLockLegalHoldStatus === undefined
				? undefined
				: response.ObjectLockLegalHoldStatus === 'ON',
		restore: response.Restore,
		expiration: response.Expiration,
		websiteRedirectLocation: response.WebsiteRedirectLocation,
	};
}

/** The SDK makes an invalid date of some headers, e.g. one with the 99th of a month. */
const isoDate = (date: Date | undefined): string | undefined =>
	date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
