import {
	customerKeyOf,
	objectHeaders,
	overwriteCondition,
} from '../../../../s3/upload/objectHeaders';
import type { PutRequest } from '../../../../s3/upload/PutRequest';
import { failureOf } from '../../failureOf';

const requestWith = (request: Partial<PutRequest>): PutRequest => ({
	bucket: 'bucket',
	key: 'key',
	source: { open: () => Promise.reject(new Error('not read here')) },
	...request,
});
const headersOf = (request: Partial<PutRequest>) => objectHeaders(requestWith(request));
const key = Buffer.alloc(32, 7).toString('base64');

describe('objectHeaders', () => {
	it('objectHeaders say of an object what the request says', () => {
		const expires = new Date('2030-01-01T00:00:00Z');
		const headers = headersOf({
			contentType: 'text/plain',
			contentDisposition: 'attachment',
			contentEncoding: 'gzip',
			contentLanguage: 'de',
			cacheControl: 'no-store',
			expires,
			metadata: { 'X-Amz-Meta-One': 'ä' },
			storageClass: 'GLACIER',
			acl: 'private',
			requestPayer: true,
			expectedBucketOwner: '123456789012',
		});
		expect(headers).toMatchObject({
			Bucket: 'bucket',
			Key: 'key',
			ContentType: 'text/plain',
			ContentDisposition: 'attachment',
			ContentEncoding: 'gzip',
			ContentLanguage: 'de',
			CacheControl: 'no-store',
			Expires: expires,
			Metadata: { one: '=?UTF-8?B?w6Q=?=' },
			StorageClass: 'GLACIER',
			ACL: 'private',
			RequestPayer: 'requester',
			ExpectedBucketOwner: '123456789012',
		});
	});

	it('objectHeaders are only bucket and key if the request says nothing else', () => {
		const said = Object.entries(headersOf({})).filter(([, value]) => value !== undefined);
		expect(said).toEqual([
			['Bucket', 'bucket'],
			['Key', 'key'],
		]);
	});

	it('objectHeaders escape tags', () => {
		expect(headersOf({ tags: { 'a b': 'c&d=e+f' } }).Tagging).toBe('a%20b=c%26d%3De%2Bf');
		expect(headersOf({ tags: {} }).Tagging).toBeUndefined();
	});

	it('objectHeaders keep tags whose names mean something to JavaScript', () => {
		const odd = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>;
		expect(headersOf({ tags: odd }).Tagging).toBe('__proto__=a&constructor=b');
	});

	it('objectHeaders tell a legal hold that is off from none', () => {
		const statusOf = (legalHold?: boolean) =>
			headersOf({ objectLock: { legalHold } }).ObjectLockLegalHoldStatus;
		expect([statusOf(true), statusOf(false), statusOf()]).toEqual(['ON', 'OFF', undefined]);
	});

	it.each<[string, Partial<PutRequest>, string]>([
		['a metadata name with a space', { metadata: { 'a b': 'c' } }, '“a b” cannot be the name'],
		['eleven tags', { tags: tagsUpTo(11) }, 'at most 10 tags, not 11'],
		['a line break in a header', { cacheControl: 'a\r\nx-evil: 1' }, '“Cache Control” contains'],
		['an umlaut in a file name', { contentDisposition: 'filename=ü' }, '“Content Disposition”'],
		['a short key', { encryption: { kind: 'customer', key: 'c2hvcnQ=' } }, 'base64 of 32 bytes'],
	])('objectHeaders refuse %s', (_, request, message) => {
		const failure = failureOf(() => headersOf(request));
		expect(failure.kind).toBe('invalid');
		expect(failure.message).toContain(message);
	});
});

describe('the encryption in objectHeaders', () => {
	it('objectHeaders ask for keys of S3', () => {
		expect(headersOf({ encryption: { kind: 's3' } }).ServerSideEncryption).toBe('AES256');
	});

	it('objectHeaders ask for a KMS key, with its context as base64 of JSON', () => {
		const context = { team: 'a' };
		const encryption = { kind: 'kms', keyId: 'alias/a', context, bucketKey: true } as const;
		expect(headersOf({ encryption })).toMatchObject({
			ServerSideEncryption: 'aws:kms',
			SSEKMSKeyId: 'alias/a',
			SSEKMSEncryptionContext: Buffer.from('{"team":"a"}').toString('base64'),
			BucketKeyEnabled: true,
		});
		expect(headersOf({ encryption: { kind: 'kmsDsse' } }).ServerSideEncryption).toBe(
			'aws:kms:dsse',
		);
	});

	it('objectHeaders carry a customer’s own key, as customerKeyOf does for other requests', () => {
		const encryption = { kind: 'customer', key } as const;
		const expected = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: key };
		expect(headersOf({ encryption })).toMatchObject(expected);
		expect(customerKeyOf(requestWith({ encryption }))).toEqual(expected);
		expect(customerKeyOf(requestWith({ encryption: { kind: 's3' } }))).toEqual({});
	});
});

describe('overwriteCondition', () => {
	const conditionOf = (request: Partial<PutRequest>) => overwriteCondition(requestWith(request));

	it('overwriteCondition is none unless the request has one', () => {
		const none = { IfNoneMatch: undefined, IfMatch: undefined };
		expect(conditionOf({})).toEqual(none);
		expect(conditionOf({ overwrite: 'always', etag: 'abc' })).toEqual(none);
	});

	it('overwriteCondition never lets an object be overwritten', () => {
		expect(conditionOf({ overwrite: 'never' })).toEqual({ IfNoneMatch: '*', IfMatch: undefined });
	});

	it.each(['abc', '"abc"'])('overwriteCondition sends the ETag %s without quotes', (etag) => {
		expect(conditionOf({ overwrite: 'ifMatch', etag }).IfMatch).toBe('abc');
	});

	it.each([undefined, '', '""'])('overwriteCondition refuses %j as an ETag to match', (etag) => {
		expect(failureOf(() => conditionOf({ overwrite: 'ifMatch', etag }))).toMatchObject({
			kind: 'invalid',
			message: 'No ETag is given for “key” in bucket “bucket”',
			bucket: 'bucket',
			key: 'key',
		});
	});
});

function tagsUpTo(count: number): Record<string, string> {
	return Object.fromEntries(Array.from({ length: count }, (_, i) => [`tag${i}`, 'x']));
}
