import type { CallName } from '../../../../s3/calls/calls';
import { checkBucketKind } from '../../../../s3/policy/bucketKind';
import { failureOf } from '../../failureOf';

const directory = 'logs--use1-az4--x-s3';
const point = 'arn:aws:s3:us-west-2:111122223333:accesspoint/photos';
const everywhere = 'arn:aws:s3::111122223333:accesspoint/m.mrap';

const check =
	(name: CallName, input: object, bucket: string, ...more: string[]) =>
	() => {
		checkBucketKind(name, input, [{ bucket }, ...more.map((other) => ({ bucket: other }))]);
	};

it.each<[CallName, object, string]>([
	['ListObjectVersions', {}, 'no versions'],
	['GetBucketVersioning', {}, 'no versions'],
	['GetBucketTagging', {}, 'tags that only another API names'],
	['GetObjectTagging', {}, 'no tags'],
	['PutObjectTagging', {}, 'no tags'],
	['RestoreObject', {}, 'no archives'],
	['GetObjectLockConfiguration', {}, 'no object lock'],
	['GetObject', { VersionId: 'v' }, 'no versions'],
	['GetObject', { SSECustomerKey: 'k' }, 'SSE-C'],
	['PutObject', { Tagging: 'a=b' }, 'no tags'],
	['PutObject', { ACL: 'private' }, 'no ACLs'],
	['UploadPart', { ContentMD5: 'XrY7u+Ae7tCTyyK7j1rNww==' }, 'no checksum MD5'],
	['PutObject', { ObjectLockMode: 'GOVERNANCE' }, 'no object lock'],
	['CopyObject', { StorageClass: 'STANDARD_IA' }, 'no class STANDARD_IA'],
	['ListObjectsV2', { StartAfter: 'a' }, 'no order of keys'],
	['ListObjectsV2', { RequestPayer: 'requester' }, 'no requester pays'],
	['DeleteObjects', { BypassGovernanceRetention: true }, 'no object lock'],
	['DeleteObject', { MFA: 'device 123456' }, 'no MFA delete'],
	['PutObject', { ObjectLockLegalHoldStatus: 'ON' }, 'no object lock'],
	['PutObject', { WebsiteRedirectLocation: '/a' }, 'no website'],
	['GetBucketOwnershipControls', {}, 'no ownership of objects'],
	['PutBucketVersioning', {}, 'no versions'],
	['CreateBucket', {}, 'a form of its own'],
])('%s with %j is refused for a directory bucket, which has %s', (name, input, what) => {
	const failure = failureOf(check(name, input, directory));
	expect(failure).toMatchObject({ kind: 'invalid', bucket: directory });
	expect(failure.message).toContain(what);
});

it.each<[CallName, object]>([
	['GetObject', { VersionId: undefined }],
	['PutObject', { StorageClass: 'EXPRESS_ONEZONE' }],
	['ListObjectsV2', { Prefix: 'a/', Delimiter: '/' }],
	['ListMultipartUploads', { Prefix: undefined }],
	['GetBucketEncryption', {}],
	['DeleteObjects', {}],
	['RenameObject', {}],
])('%s with %j is not refused for a directory bucket', (name, input) => {
	expect(check(name, input, directory)).not.toThrow();
});

it.each([{ Prefix: 'a' }, { Prefix: 'a/b' }, { Prefix: 'a/', Delimiter: '-' }])(
	'a listing of a directory bucket with %j is refused, as it lists whole folders',
	(input) => {
		expect(failureOf(check('ListObjectsV2', input, directory)).advice).toContain('slash');
		expect(check('ListObjectsV2', input, 'photos')).not.toThrow();
	},
);

it.each<CallName>([
	'GetBucketTagging',
	'GetBucketVersioning',
	'GetBucketEncryption',
	'GetBucketOwnershipControls',
	'GetObjectLockConfiguration',
	'PutBucketVersioning',
	'DeleteBucket',
	'CreateBucket',
])('%s is refused by an access point, and not by a bucket', (name) => {
	for (const bucket of [point, 'mine-abc-s3alias']) {
		expect(failureOf(check(name, {}, bucket)).message).toContain('is an access point');
	}
	expect(check(name, {}, 'photos')).not.toThrow();
});

it.each<CallName>(['GetObject', 'PutObject', 'ListObjectsV2', 'ListObjectVersions', 'HeadBucket'])(
	'%s is possible by an access point',
	(name) => {
		expect(check(name, { VersionId: 'v' }, point)).not.toThrow();
	},
);

it('a multi-region access point is refused wherever it stands', () => {
	for (const work of [
		check('GetObject', {}, everywhere),
		check('CopyObject', {}, 'photos', everywhere),
	]) {
		expect(failureOf(work).message).toContain('SigV4A');
	}
});
