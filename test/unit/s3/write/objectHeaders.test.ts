import { customerKeyOf, objectHeaders } from '../../../../s3/write/objectHeaders';
import type { PutRequest } from '../../../../s3/upload/PutRequest';
import { failureOf } from '../../failureOf';

const requestWith = (request: Partial<PutRequest>): PutRequest => ({
	bucket: 'bucket',
	key: 'key',
	source: { open: () => Promise.reject(new Error('not read here')) },
	...request,
});
const headersOf = (request: Partial<PutRequest>) => objectHeaders(requestWith(request));

it('objectHeaders say of an object what the request says', () => {
	const date = new Date('2030-01-01T00:00:00Z');
	const headers = headersOf({
		contentType: 'text/plain',
		contentDisposition: 'attachment',
		contentEncoding: 'gzip',
		contentLanguage: 'de',
		cacheControl: 'no-store',
		expires: date,
		metadata: { 'X-Amz-Meta-One': 'ä' },
		tags: { 'a b': 'c' },
		storageClass: 'GLACIER',
		acl: 'private',
		encryption: { kind: 's3' },
		objectLock: { mode: 'GOVERNANCE', retainUntil: date, legalHold: true },
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
		Expires: date,
		Metadata: { one: '=?UTF-8?B?w6Q=?=' },
		Tagging: 'a%20b=c',
		StorageClass: 'GLACIER',
		ACL: 'private',
		ServerSideEncryption: 'AES256',
		ObjectLockMode: 'GOVERNANCE',
		ObjectLockRetainUntilDate: date,
		ObjectLockLegalHoldStatus: 'ON',
		RequestPayer: 'requester',
		ExpectedBucketOwner: '123456789012',
	});
});

it.each([
	['gzip, br', 'gzip, br'],
	['aws-chunked', undefined],
	['gzip,aws-chunked', 'gzip'],
	['AWS-Chunked, gzip', 'gzip'],
	['', undefined],
])('of the encoding %p objectHeaders have %p', (contentEncoding, sent) => {
	expect(headersOf({ contentEncoding }).ContentEncoding).toBe(sent);
});

it('objectHeaders are only bucket and key if the request says nothing else', () => {
	const said = Object.entries(headersOf({})).filter(([, value]) => value !== undefined);
	expect(said).toEqual([
		['Bucket', 'bucket'],
		['Key', 'key'],
	]);
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

it('customerKeyOf has the customer’s own key, and none of another encryption', () => {
	const key = Buffer.alloc(32, 7).toString('base64');
	expect(customerKeyOf(requestWith({ encryption: { kind: 'customer', key } }))).toEqual({
		SSECustomerAlgorithm: 'AES256',
		SSECustomerKey: key,
	});
	expect(customerKeyOf(requestWith({ encryption: { kind: 's3' } }))).toEqual({});
	expect(customerKeyOf(requestWith({}))).toEqual({});
});

function tagsUpTo(count: number): Record<string, string> {
	return Object.fromEntries(Array.from({ length: count }, (_, i) => [`tag${i}`, 'x']));
}
