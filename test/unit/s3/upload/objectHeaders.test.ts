import { readMetadata } from '../../../../s3/headers/metadata';
import { objectHeaders } from '../../../../s3/upload/objectHeaders';
import type { PutRequest } from '../../../../s3/upload/PutRequest';
import { S3Failure } from '../../../../s3/S3Failure';

const headersOf = (request: Partial<PutRequest>) =>
	objectHeaders({
		bucket: 'bucket',
		key: 'key',
		source: { open: () => Promise.reject(new Error('not read here')) },
		...request,
	});

describe('headers of an object', () => {
	it.each(['plain', 'café', ' spaces at the ends ', '😀', '=?UTF-8?B?eA==?=', 'a\nb', ''])(
		'metadata %j comes back as it was put, in ASCII on the way',
		(value) => {
			const sent = headersOf({ metadata: { name: value } }).Metadata ?? {};
			expect(Object.values(sent).join('')).toMatch(/^[\x20-\x7e]*$/);
			expect(readMetadata(sent)).toEqual({ name: value });
		},
	);

	it('reads the encoded words of other clients and of S3', () => {
		expect(readMetadata({ q: '=?UTF-8?Q?caf=C3=A9_noir?=' })).toEqual({ q: 'café noir' });
		expect(readMetadata({ two: '=?UTF-8?B?w6Q=?= =?UTF-8?B?w7Y=?=' })).toEqual({ two: 'äö' });
	});

	it('takes metadata names with and without the prefix of the header', () => {
		const { Metadata } = headersOf({ metadata: { 'X-Amz-Meta-One': '1', Two: '2' } });
		expect(Metadata).toEqual({ one: '1', two: '2' });
	});

	it('keeps metadata and tags whose names mean something to JavaScript', () => {
		const odd = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>;
		const { Metadata, Tagging } = headersOf({ metadata: odd, tags: odd });
		expect(Object.entries(Metadata ?? {})).toEqual([
			['__proto__', 'a'],
			['constructor', 'b'],
		]);
		expect(Tagging).toBe('__proto__=a&constructor=b');
	});

	it('escapes tags', () => {
		expect(headersOf({ tags: { 'a b': 'c&d=e+f' } }).Tagging).toBe('a%20b=c%26d%3De%2Bf');
	});

	it.each<[string, Partial<PutRequest>, RegExp]>([
		['a metadata name with a space', { metadata: { 'a b': 'c' } }, /“a b” cannot be the name/],
		['eleven tags', { tags: tagsUpTo(11) }, /at most 10 tags, not 11/],
		['a line break in a header', { cacheControl: 'a\r\nx-evil: 1' }, /“Cache Control” contains/],
		['an umlaut in a file name', { contentDisposition: 'filename=ü' }, /“Content Disposition”/],
		['a short customer key', { encryption: { kind: 'customer', key: 'c2hvcnQ=' } }, /not 32 bytes/],
	])('refuses %s before any request', (_, request, message) => {
		expect(() => headersOf(request)).toThrow(S3Failure);
		expect(() => headersOf(request)).toThrow(message);
	});

	it('does not repeat a customer key in the refusal', () => {
		const key = Buffer.from('much too short').toString('base64');
		expect(() => headersOf({ encryption: { kind: 'customer', key } })).toThrow(
			expect.objectContaining({ message: expect.not.stringContaining(key) as string }) as Error,
		);
	});

	it('says how an object is to be encrypted', () => {
		expect(headersOf({ encryption: { kind: 's3' } }).ServerSideEncryption).toBe('AES256');
		expect(
			headersOf({ encryption: { kind: 'kms', keyId: 'alias/a', context: { team: 'a' } } }),
		).toMatchObject({
			ServerSideEncryption: 'aws:kms',
			SSEKMSKeyId: 'alias/a',
			SSEKMSEncryptionContext: Buffer.from('{"team":"a"}').toString('base64'),
		});
		expect(headersOf({ encryption: { kind: 'kmsDsse' } }).ServerSideEncryption).toBe(
			'aws:kms:dsse',
		);
	});
});

function tagsUpTo(count: number): Record<string, string> {
	return Object.fromEntries(Array.from({ length: count }, (_, i) => [`tag${String(i)}`, 'x']));
}
