import { objectHead } from '../../../../s3/headers/objectHead';
import type { GetObjectCommandOutput, HeadObjectCommandOutput } from '../../../../s3/sdk';

const object = { bucket: 'bucket', key: 'key' };
const lastModified = new Date('2026-01-02T03:04:05Z');
const $metadata = {};

it('every field that S3 says of an object has its name in the head', () => {
	const response: HeadObjectCommandOutput = {
		$metadata,
		ContentLength: 5,
		ContentType: 'text/plain',
		ETag: '"etag"',
		LastModified: lastModified,
		VersionId: 'v',
		Metadata: { name: '=?UTF-8?B?w7w=?=' },
		MissingMeta: 1,
		CacheControl: 'no-cache',
		ContentDisposition: 'inline; filename=Mini\xc3\xb6',
		ContentEncoding: 'gzip',
		ContentLanguage: 'de',
		ContentRange: 'bytes 0-4/10',
		ExpiresString: 'never',
		StorageClass: 'STANDARD_IA',
		ServerSideEncryption: 'aws:kms',
		SSEKMSKeyId: 'arn',
		BucketKeyEnabled: true,
		TagCount: 2,
		ChecksumCRC32: 'sum',
		ReplicationStatus: 'COMPLETED',
		ObjectLockMode: 'GOVERNANCE',
		ObjectLockRetainUntilDate: lastModified,
		ObjectLockLegalHoldStatus: 'ON',
		Restore: 'ongoing-request="false"',
		Expiration: 'rule',
		WebsiteRedirectLocation: '/other',
	};
	expect(objectHead(object, response)).toEqual({
		bucket: 'bucket',
		key: 'key',
		size: 5,
		contentType: 'text/plain',
		etag: 'etag',
		lastModified: '2026-01-02T03:04:05.000Z',
		versionId: 'v',
		metadata: { name: 'ü' },
		missingMetadata: 1,
		cacheControl: 'no-cache',
		contentDisposition: 'inline; filename=Miniö',
		contentEncoding: 'gzip',
		contentLanguage: 'de',
		contentRange: 'bytes 0-4/10',
		expires: 'never',
		storageClass: 'STANDARD_IA',
		encryption: 'aws:kms',
		kmsKeyId: 'arn',
		bucketKey: true,
		tagCount: 2,
		checksum: { algorithm: 'CRC32', value: 'sum', type: 'FULL_OBJECT' },
		replicationStatus: 'COMPLETED',
		objectLockMode: 'GOVERNANCE',
		objectLockRetainUntil: '2026-01-02T03:04:05.000Z',
		objectLockLegalHold: true,
		restore: 'ongoing-request="false"',
		expiration: 'rule',
		websiteRedirectLocation: '/other',
	});
});

it('nothing is made up of what S3 does not say', () => {
	const response: GetObjectCommandOutput = { $metadata };
	const { metadata, ...head } = objectHead(object, response);
	expect(metadata).toEqual({});
	expect(Object.values(head).filter((value) => value !== undefined)).toEqual(['bucket', 'key']);
});

it('a date that cannot be read is left out', () => {
	const invalid = new Date('invalid');
	const response = { $metadata, LastModified: invalid, ObjectLockRetainUntilDate: invalid };
	const head = objectHead(object, response);
	expect(head).toMatchObject({ lastModified: undefined, objectLockRetainUntil: undefined });
});

it.each([
	['OFF', false],
	['ON', true],
] as const)('a legal hold that is %s is %s', (ObjectLockLegalHoldStatus, expected) => {
	const head = objectHead(object, { $metadata, ObjectLockLegalHoldStatus });
	expect(head.objectLockLegalHold).toBe(expected);
});

it("an object under a customer's own key is encrypted with its algorithm", () => {
	const head = objectHead(object, { $metadata, SSECustomerAlgorithm: 'AES256' });
	expect(head.encryption).toBe('AES256');
});
