/** Options reach the server as the headers and query that S3 has for them: every one of Put, Get and List, and those that many have. */
import type { INodeParameters } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket] });
const { credential } = server;
withBinaryStore();

async function requestOf(
	operation: string,
	call: string,
	parameters: object,
	options: INodeParameters,
) {
	server.requests.length = 0;
	const { error } = await runNode({
		items: [{ json: {} }],
		parameters: { resource: 'object', operation, bucket, ...parameters, options },
		credential,
	});
	expect(error).toBeUndefined();
	const request = server.requests.find((candidate) => candidate.operation === call);
	return { ...request?.headers, ...request?.query };
}

const customerKey = Buffer.alloc(32, 7).toString('base64');

describe.each(['single', 'multipart'])('options of a %s put', (way) => {
	it.each<[INodeParameters, Record<string, string>]>([
		[{ acl: 'bucket-owner-full-control' }, { 'x-amz-acl': 'bucket-owner-full-control' }],
		[{ cacheControl: 'max-age=60' }, { 'cache-control': 'max-age=60' }],
		[{ contentDisposition: 'inline' }, { 'content-disposition': 'inline' }],
		[{ contentEncoding: 'gzip' }, { 'content-encoding': 'gzip' }],
		[{ contentLanguage: 'de' }, { 'content-language': 'de' }],
		[{ contentType: 'text/csv' }, { 'content-type': 'text/csv' }],
		[
			{ cacheControl: 'no-cache', expires: '2030-01-02T03:04:05Z' },
			{ expires: 'Wed, 02 Jan 2030 03:04:05 GMT' },
		],
		[{ expires: '2030-01-02T03:04:05Z' }, { expires: 'Wed, 02 Jan 2030 03:04:05 GMT' }],
		[{ expectedBucketOwner: '111122223333' }, { 'x-amz-expected-bucket-owner': '111122223333' }],
		[{ requestPayer: true }, { 'x-amz-request-payer': 'requester' }],
		[{ storageClass: 'GLACIER_IR' }, { 'x-amz-storage-class': 'GLACIER_IR' }],
		[{ encryption: 's3' }, { 'x-amz-server-side-encryption': 'AES256' }],
		[
			{ encryption: 'kms', encryptionKmsKeyId: 'alias/a', encryptionBucketKey: true },
			{
				'x-amz-server-side-encryption': 'aws:kms',
				'x-amz-server-side-encryption-aws-kms-key-id': 'alias/a',
				'x-amz-server-side-encryption-bucket-key-enabled': 'true',
			},
		],
		[
			{ encryption: 'customer', encryptionCustomerKey: customerKey },
			{
				'x-amz-server-side-encryption-customer-algorithm': 'AES256',
				'x-amz-server-side-encryption-customer-key': customerKey,
			},
		],
		[
			{ objectLockMode: 'COMPLIANCE', objectLockRetainUntil: '2030-01-01T00:00:00Z' },
			{
				'x-amz-object-lock-mode': 'COMPLIANCE',
				'x-amz-object-lock-retain-until-date': '2030-01-01T00:00:00Z',
			},
		],
		[{ objectLockLegalHold: true }, { 'x-amz-object-lock-legal-hold': 'ON' }],
		[{ tags: { tag: [{ name: 'a b', value: 'c' }] } }, { 'x-amz-tagging': 'a%20b=c' }],
		[
			{ metadata: { entry: [{ name: 'Invoice', value: '0815' }] } },
			{ 'x-amz-meta-invoice': '0815' },
		],
	])(`a ${way} put sends the options %j`, async (options, headers) => {
		// What is locked goes in one request, as some servers forget the lock of parts.
		const isLocked = 'objectLockMode' in options || 'objectLockLegalHold' in options;
		const call = way === 'single' || isLocked ? 'PutObject' : 'CreateMultipartUpload';
		const threshold = way === 'single' ? {} : { multipartThresholdMb: 0 };
		const parameters = { key: 'key', source: 'text', text: 'content' };
		const sent = await requestOf('put', call, parameters, { ...options, ...threshold });
		expect(sent).toMatchObject(headers);
	});
});

describe('options without the one that they are for', () => {
	const refusalOf = async (operation: string, parameters: object, options: INodeParameters) => {
		server.requests.length = 0;
		const { error } = await runNode({
			items: [{ json: {} }],
			parameters: { resource: 'object', operation, bucket, ...parameters, options },
			credential,
		});
		expect(server.requests).toEqual([]);
		return error?.message;
	};
	const context = { entry: [{ name: 'team', value: 'a' }] };
	const metadata = { entry: [{ name: 'a', value: 'b' }] };
	const tags = { tag: [{ name: 'a', value: 'b' }] };

	it.each<[INodeParameters, string]>([
		[{ objectLockRetainUntil: '2030-01-01T00:00:00Z' }, 'Object Lock needs a mode and a date'],
		[{ etag: 'abc' }, 'Overwrite Only ETag is given, but Overwrite is not set to'],
		[{ overwrite: 'always', etag: 'abc' }, 'Overwrite Only ETag is given, but Overwrite is not'],
		[{ encryptionKmsKeyId: 'alias/a' }, 'Encryption KMS Key ID is given, but Encryption is set'],
		[{ encryptionKmsContext: context }, 'Encryption KMS Context is given, but Encryption is set'],
		[{ encryptionBucketKey: true }, 'Encryption Bucket Key is given, but Encryption is set to'],
		[{ encryptionCustomerKey: customerKey }, 'Encryption Customer Key is given, but Encryption'],
	])('Put refuses the options %j, which n8n would drop if the form hid them', async (...one) => {
		const [options, message] = one;
		const parameters = { key: 'key', source: 'text', text: 'content' };
		expect(await refusalOf('put', parameters, options)).toContain(message);
	});

	it.each<[INodeParameters, string]>([
		[{ contentType: 'text/csv' }, 'new metadata or content headers are given, but those of'],
		[{ expires: '2030-01-02T03:04:05Z' }, 'new metadata or content headers are given, but those'],
		[{ metadata: 'keep', newMetadata: metadata }, 'new metadata or content headers are given'],
		[{ newMetadata: metadata }, 'new metadata or content headers are given, but those of the'],
		[{ newTags: tags }, 'new tags are given, but Tags is not set to Replace'],
		[{ etag: 'abc' }, 'Overwrite Only ETag is given, but Overwrite is not set to If ETag Matches'],
	])('Copy refuses the options %j, which n8n would drop if the form hid them', async (...one) => {
		const [options, message] = one;
		const parameters = { sourceBucket: bucket, sourceKey: 'there', key: 'copy' };
		expect(await refusalOf('copy', parameters, options)).toContain(message);
	});
});

describe('options of get', () => {
	it.each<[INodeParameters, Record<string, string>]>([
		[{ range: '1-2' }, { range: 'bytes=1-2' }],
		[{ requestPayer: true }, { 'x-amz-request-payer': 'requester' }],
		[{ expectedBucketOwner: '111122223333' }, { 'x-amz-expected-bucket-owner': '111122223333' }],
		[
			{ ifModifiedSince: '2020-01-01T00:00:00Z' },
			{ 'if-modified-since': 'Wed, 01 Jan 2020 00:00:00 GMT' },
		],
		[
			{ ifUnmodifiedSince: '2099-01-01T00:00:00Z' },
			{ 'if-unmodified-since': 'Thu, 01 Jan 2099 00:00:00 GMT' },
		],
		[{ versionId: 'null' }, { versionId: 'null' }],
	])('Get sends the options %j', async (options, fields) => {
		await putAll(credential, bucket, { there: 'content' });
		expect(await requestOf('get', 'GetObject', { key: 'there' }, options)).toMatchObject(fields);
	});
});

describe('options of list', () => {
	it.each<[INodeParameters, Record<string, string>]>([
		[{ delimiter: '/' }, { delimiter: '/' }],
		[{ startAfter: 'a b' }, { 'start-after': 'a b' }],
		[{ fetchOwner: true }, { 'fetch-owner': 'true' }],
		[{ includeRestoreStatus: true }, { 'x-amz-optional-object-attributes': 'RestoreStatus' }],
		[{ requestPayer: true }, { 'x-amz-request-payer': 'requester' }],
		[{ expectedBucketOwner: '111122223333' }, { 'x-amz-expected-bucket-owner': '111122223333' }],
	])('List sends the options %j', async (options, fields) => {
		expect(await requestOf('list', 'ListObjectsV2', {}, options)).toMatchObject(fields);
	});
});

it('List Versions asks for the state of restores', async () => {
	const options = { includeRestoreStatus: true };
	const sent = await requestOf('listVersions', 'ListObjectVersions', {}, options);
	expect(sent).toMatchObject({ 'x-amz-optional-object-attributes': 'RestoreStatus' });
	expect(await requestOf('listVersions', 'ListObjectVersions', {}, {})).not.toHaveProperty(
		'x-amz-optional-object-attributes',
	);
});

describe('options that many operations have', () => {
	const caller = { requestPayer: true, expectedBucketOwner: '111122223333' };
	const ofCaller = {
		'x-amz-request-payer': 'requester',
		'x-amz-expected-bucket-owner': '111122223333',
	};
	const tags = { tag: [{ name: 'a', value: 'b' }] };

	beforeEach(async () => {
		await putAll(credential, bucket, { 'there/1': 'content', 'there/2': 'content' });
	});

	it.each<[string, string, object]>([
		['append', 'HeadObject', { key: 'there/1', text: 'x' }],
		['append', 'PutObject', { key: 'there/1', text: 'x' }],
		['changeStorageClass', 'CopyObject', { key: 'there/1', storageClass: 'STANDARD_IA' }],
		['copy', 'CopyObject', { sourceBucket: bucket, sourceKey: 'there/1', key: 'copy' }],
		['move', 'CopyObject', { sourceBucket: bucket, sourceKey: 'there/1', key: 'moved' }],
		['delete', 'DeleteObject', { key: 'there/1' }],
		['deleteByPrefix', 'ListObjectsV2', { prefix: 'there/' }],
		['deleteByPrefix', 'DeleteObjects', { prefix: 'there/' }],
		['getMetadata', 'HeadObject', { key: 'there/1' }],
		['getTags', 'GetObjectTagging', { key: 'there/1' }],
		['setTags', 'PutObjectTagging', { key: 'there/1', mode: 'replace', tags }],
		['listVersions', 'ListObjectVersions', {}],
		['restore', 'HeadObject', { key: 'there/1' }],
		['undelete', 'ListObjectVersions', { undeleteBy: 'prefix', prefix: 'there/' }],
	])('the operation %s says in %s who pays and whose the bucket must be', async (...one) => {
		const [operation, call, parameters] = one;
		expect(await requestOf(operation, call, parameters, caller)).toMatchObject(ofCaller);
	});

	it.each<[string, string, object]>([
		['delete', 'DeleteObject', { key: 'there/1' }],
		['deleteByPrefix', 'DeleteObjects', { prefix: 'there/' }],
	])('the operation %s says in %s what is needed to delete what is protected', async (...one) => {
		const [operation, call, parameters] = one;
		const protection = { bypassGovernance: true, mfa: 'arn:aws:iam::1:mfa/a 123456' };
		expect(await requestOf(operation, call, parameters, protection)).toMatchObject({
			'x-amz-bypass-governance-retention': 'true',
			'x-amz-mfa': 'arn:aws:iam::1:mfa/a 123456',
		});
	});

	it.each<[string, string, object]>([
		['append', 'HeadObject', { text: 'x' }],
		['append', 'PutObject', { text: 'x' }],
		['changeStorageClass', 'CopyObject', { storageClass: 'STANDARD_IA' }],
		['get', 'GetObject', {}],
		['getMetadata', 'HeadObject', {}],
		['restore', 'HeadObject', {}],
	])('the operation %s gives in %s the key of the customer', async (...one) => {
		const [operation, call, parameters] = one;
		const encryption = { encryption: 'customer', encryptionCustomerKey: customerKey };
		const content = { key: 'secret', source: 'text', text: 'content' };
		await requestOf('put', 'PutObject', content, encryption);
		const options = { encryptionCustomerKey: customerKey };
		const sent = await requestOf(operation, call, { key: 'secret', ...parameters }, options);
		expect(sent).toMatchObject({ 'x-amz-server-side-encryption-customer-key': customerKey });
	});

	it.each<[string, string, INodeParameters, object?]>([
		['getMetadata', 'HeadObject', {}],
		['getMetadata', 'GetObjectAttributes', { attributes: true }],
		['getMetadata', 'GetObjectTagging', { includeTags: true }],
		['get', 'GetObjectTagging', { includeTags: true }],
		['getTags', 'GetObjectTagging', {}],
		['restore', 'HeadObject', {}],
		['setTags', 'PutObjectTagging', {}, { mode: 'replace', tags }],
	])('the operation %s asks by %s for the version that is wanted', async (...one) => {
		const [operation, call, options, parameters] = one;
		const version = { ...options, versionId: 'null' };
		const given = { key: 'there/1', ...parameters };
		expect(await requestOf(operation, call, given, version)).toMatchObject({
			versionId: 'null',
		});
	});
});
