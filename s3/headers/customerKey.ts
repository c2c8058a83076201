import { hasMd5 } from '../checksums/md5';
import { S3Failure } from '../S3Failure';

/** The base64 of 32 bytes. */
const CUSTOMER_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** The headers of a customer's own key (SSE-C), as the SDK names them. */
export interface CustomerKeyHeaders {
	SSECustomerAlgorithm?: string | undefined;
	SSECustomerKey?: string | undefined;
}

/**
 * The headers that every call about the bytes of an object needs under a customer's own key (SSE-C).
 * @param key 32 bytes in base64
 * @throws S3Failure of kind `invalid`, without the key, if it is not that, or S3 cannot be sent the MD5 of it
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export function customerKeyHeaders(key: string | undefined): CustomerKeyHeaders {
	if (key === undefined) return {};
	if (!CUSTOMER_KEY.test(key)) {
		throw S3Failure.invalid(
			'The customer key is not the base64 of 32 bytes',
			'Give 44 characters of base64, as “openssl rand -base64 32” makes them.',
		);
	}
	if (!hasMd5()) {
		throw S3Failure.invalid(
			'Encryption with a customer key (SSE-C) needs MD5, which this Node refuses (FIPS)',
			'Encrypt with keys of KMS instead, or run n8n with a Node that has MD5.',
		);
	}
	return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: key };
}
