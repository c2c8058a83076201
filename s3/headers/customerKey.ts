import { S3Failure } from '../S3Failure';

const CUSTOMER_KEY_BYTES = 32;

/** The headers of a customer's own key (SSE-C), as the SDK names them. */
export interface CustomerKeyHeaders {
	SSECustomerAlgorithm?: string | undefined;
	SSECustomerKey?: string | undefined;
}

/**
 * The headers that every call about the bytes of an object needs under a customer's own key (SSE-C).
 * @param key 32 bytes in base64
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export function customerKeyHeaders(key: string | undefined): CustomerKeyHeaders {
	if (key === undefined) return {};
	if (Buffer.from(key, 'base64').length !== CUSTOMER_KEY_BYTES) {
		throw S3Failure.invalid(
			'The customer-provided encryption key is not 32 bytes in base64',
			'Make one with: openssl rand -base64 32',
		);
	}
	return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: key };
}
