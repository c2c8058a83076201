import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';
import type { WriteRequest } from '../write/WriteRequest';
import { headIfPermitted } from '../write/writtenObject';

/**
 * Looks whether a copy is encrypted with a customer's own key, if the response did not say so: some servers ignore such
 * keys, and others, such as MinIO, leave it out of their responses to copies. AWS says it always.
 * @param said the algorithm in the response
 * @throws S3Failure if it is not; the copy is there then
 */
export async function checkCopiedEncryption(
	target: S3,
	request: WriteRequest,
	said: string | undefined,
	call: Call,
): Promise<void> {
	const { bucket, key, encryption } = request;
	if (encryption?.kind !== 'customer' || said !== undefined) return;
	if (target.connection.endpoint === undefined) return;
	const found = await headIfPermitted(target, request, undefined, call);
	if (found === undefined || found.SSECustomerAlgorithm !== undefined) return;
	throw S3Failure.corrupt(
		`Copied to ${nameOf(bucket, key)}, but the server has not encrypted the copy with the customer key`,
		'The copy is there, and whoever may read objects can read it: delete it if it has to be secret. The server does not know such keys (SSE-C).',
		{ operation: 'CopyObject', bucket, key },
	);
}
