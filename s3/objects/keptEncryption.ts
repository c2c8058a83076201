import type { Encryption } from '../headers/encryption';
import type { ObjectHead } from '../headers/objectHead';

/**
 * The encryption that an object has, for a write that is to keep it: S3 encrypts as the bucket says unless told
 * otherwise.
 * @param customerKey 32 bytes in base64, if the object is under a customer's own key
 */
export function keptEncryption(
	{ encryption, kmsKeyId, bucketKey }: Pick<ObjectHead, 'encryption' | 'kmsKeyId' | 'bucketKey'>,
	customerKey: string | undefined,
): Encryption | undefined {
	if (customerKey !== undefined) return { kind: 'customer', key: customerKey };
	if (encryption === 'AES256') return { kind: 's3' };
	if (encryption === 'aws:kms') return { kind: 'kms', keyId: kmsKeyId, bucketKey };
	return encryption === 'aws:kms:dsse' ? { kind: 'kmsDsse', keyId: kmsKeyId } : undefined;
}
