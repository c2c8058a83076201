import { customerKey, encryption } from '../../../../nodes/parameters/encryption';
import { sourceOf } from './sourceOf';

const KEY = Buffer.alloc(32, 1).toString('base64');
const kms = {
	'options.encryptionKmsKeyId': 'arn:aws:kms:eu-central-1:111122223333:key/1',
	'options.encryptionKmsContext.entry': [{ name: 'team', value: 'a' }],
};
const bucketKey = { 'options.encryptionBucketKey': true };
const own = { 'options.encryptionCustomerKey': KEY };
const read = (kind: string, options: Record<string, unknown> = {}, entered = {}) =>
	encryption.read(sourceOf({ 'options.encryption': kind, ...options }, 'UTC', entered));

describe('the encryption', () => {
	it.each(['', 'none'])('the encryption %p is that of the bucket', (kind) => {
		expect(read(kind)).toBeUndefined();
	});

	it('the encryption s3 needs no other options', () => {
		expect(read('s3')).toEqual({ kind: 's3' });
	});

	it('the encryption kms takes key, context and bucket key', () => {
		expect(read('kms', { ...kms, ...bucketKey })).toEqual({
			kind: 'kms',
			keyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
			context: { team: 'a' },
			bucketKey: true,
		});
	});

	it('the encryption kmsDsse takes key and context', () => {
		expect(read('kmsDsse', kms)).toEqual({
			kind: 'kmsDsse',
			keyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
			context: { team: 'a' },
		});
	});

	it('the encryption customer takes the key of the customer', () => {
		expect(read('customer', own)).toEqual({ kind: 'customer', key: KEY });
	});

	it.each<[string, object, string]>([
		['', kms, 'Encryption KMS Key ID'],
		['s3', { 'options.encryptionKmsContext.entry': [{ name: 'a' }] }, 'Encryption KMS Context'],
		['none', bucketKey, 'Encryption Bucket Key'],
		['kmsDsse', bucketKey, 'Encryption Bucket Key'],
		['customer', { ...own, ...kms }, 'Encryption KMS Key ID'],
		['', own, 'Encryption Customer Key'],
		['kms', own, 'Encryption Customer Key'],
	])('the encryption %p is refused with %j, which it does not use', (kind, options, label) => {
		expect(() => read(kind, { ...options })).toThrow(
			`${label} is given, but Encryption is set to something that does not use it`,
		);
	});

	it('the encryption leaves options to other items if it is an expression', () => {
		const entered = { 'options.encryption': '={{ $json.encryption }}' };
		expect(read('s3', { ...kms, ...own, ...bucketKey }, entered)).toEqual({ kind: 's3' });
	});

	it('the encryption customer is refused without a key', () => {
		expect(() => read('customer', {})).toThrow(
			'Encryption is set to Customer Key (SSE-C), but no key is given',
		);
	});
});

describe('the key of a customer', () => {
	const readKey = (key: unknown) =>
		customerKey.read(sourceOf({ 'options.encryptionCustomerKey': key }));

	it('the key of a customer is undefined if none is given', () => {
		expect(readKey(' ')).toBeUndefined();
	});

	it('the key of a customer is taken without the spaces around it', () => {
		expect(readKey(` ${KEY}\n`)).toBe(KEY);
	});
});
