import { encryptionHeaders } from '../../../../s3/headers/encryption';
import { failureOf } from '../../failureOf';

it('encryptionHeaders are none if the bucket decides', () => {
	expect(encryptionHeaders(undefined)).toEqual({});
});

it('encryptionHeaders ask for a key of S3', () => {
	expect(encryptionHeaders({ kind: 's3' })).toEqual({ ServerSideEncryption: 'AES256' });
});

it('encryptionHeaders ask for a KMS key, with its context as base64 of JSON', () => {
	const context = { team: 'a' };
	expect(encryptionHeaders({ kind: 'kms', keyId: 'alias/a', context, bucketKey: true })).toEqual({
		ServerSideEncryption: 'aws:kms',
		SSEKMSKeyId: 'alias/a',
		SSEKMSEncryptionContext: Buffer.from('{"team":"a"}').toString('base64'),
		BucketKeyEnabled: true,
	});
});

it('encryptionHeaders ask for two layers, with the account’s own key', () => {
	expect(encryptionHeaders({ kind: 'kmsDsse' })).toEqual({ ServerSideEncryption: 'aws:kms:dsse' });
});

it('encryptionHeaders carry a customer’s own key', () => {
	const key = Buffer.alloc(32, 7).toString('base64');
	expect(encryptionHeaders({ kind: 'customer', key })).toEqual({
		SSECustomerAlgorithm: 'AES256',
		SSECustomerKey: key,
	});
});

it('encryptionHeaders refuse a KMS key that no header can carry', () => {
	const { kind, message } = failureOf(() => encryptionHeaders({ kind: 'kms', keyId: 'a\nb' }));
	expect(kind).toBe('invalid');
	expect(message).toContain('“KMS Key ID”');
});
