import type { PutObjectCommandInput } from '../sdk';
import { customerKeyHeaders } from './customerKey';
import { headerValue } from './headerValue';

/** How S3 is to encrypt an object. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html */
export type Encryption =
	| { kind: 's3' }
	| {
			kind: 'kms' | 'kmsDsse';
			/** Key ID, ARN or alias; undefined is the account's own key for S3. */
			keyId?: string | undefined;
			context?: Record<string, string> | undefined;
			bucketKey?: boolean | undefined;
	  }
	| {
			kind: 'customer';
			/** 32 bytes in base64. */
			key: string;
	  };

/** The headers of an encryption, as the SDK names them. */
export type EncryptionHeaders = Pick<
	PutObjectCommandInput,
	| 'ServerSideEncryption'
	| 'SSEKMSKeyId'
	| 'SSEKMSEncryptionContext'
	| 'BucketKeyEnabled'
	| 'SSECustomerAlgorithm'
	| 'SSECustomerKey'
>;

/**
 * The headers with which a write asks for an encryption; none leave it to the bucket.
 * @throws S3Failure of kind `invalid` for a key that no header can carry or that is not one
 */
export function encryptionHeaders(encryption: Encryption | undefined): EncryptionHeaders {
	if (encryption === undefined) return {};
	if (encryption.kind === 's3') return { ServerSideEncryption: 'AES256' };
	if (encryption.kind === 'customer') return customerKeyHeaders(encryption.key);
	const { kind, keyId, context, bucketKey } = encryption;
	return {
		ServerSideEncryption: kind === 'kms' ? 'aws:kms' : 'aws:kms:dsse',
		SSEKMSKeyId: headerValue('KMS Key ID', keyId),
		SSEKMSEncryptionContext:
			context === undefined ? undefined : Buffer.from(JSON.stringify(context)).toString('base64'),
		BucketKeyEnabled: bucketKey,
	};
}
