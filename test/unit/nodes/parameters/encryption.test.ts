import { customerKey, encryption } from '../../../../nodes/parameters/encryption';
import { sourceOf } from './sourceOf';

const KEY = Buffer.alloc(32, 1).toString('base64');
const options = {
	'options.encryptionKmsKeyId': 'arn:aws:kms:eu-central-1:111122223333:key/1',
	'options.encryptionKmsContext.entry': [{ name: 'team', value: 'a' }],
	'options.encryptionBucketKey': true,
	'options.encryptionCustomerKey': KEY,
};
const read = (kind: string, more: Record<string, unknown> = options) =>
	encryption.read(sourceOf({ 'options.encryption': kind, ...more }));

describe('the encryption', () => {
	it.each(['', 'none'])('the encryption %p is that of the bucket', (kind) => {
		expect(read(kind)).toBeUndefined();
	});

	it('the encryption s3 takes none of the other options', () => {
		expect(read('s3')).toEqual({ kind: 's3' });
	});

	it('the encryption kms takes key, context and bucket key', () => {
		expect(read('kms')).toEqual({
			kind: 'kms',
			keyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
			context: { team: 'a' },
			bucketKey: true,
		});
	});

	it('the encryption kmsDsse takes key and context, because it has no bucket keys', () => {
		expect(read('kmsDsse')).toEqual({
			kind: 'kmsDsse',
			keyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
			context: { team: 'a' },
		});
	});

	it('the encryption customer takes the key of the customer', () => {
		expect(read('customer')).toEqual({ kind: 'customer', key: KEY });
	});

	it('the encryption customer is refused without a key', () => {
		expect(() => read('customer', {})).toThrow(
			'Encryption is set to Own Key (SSE-C), but no key is given',
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
