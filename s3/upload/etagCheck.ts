import type { Call } from '../Call';
import { nameOf } from '../errors/failureFrom';
import { bareEtag, isMd5 } from '../headers/etag';
import { delayAfterFailure, retry } from '../retry/retry';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import type { PutRequest } from './PutRequest';
import type { RequestChecksum } from './requestChecksum';

type Operation = 'PutObject' | 'UploadPart';
type Stored = Pick<
	Calls[Operation]['output'],
	'ETag' | 'ServerSideEncryption' | 'SSECustomerAlgorithm'
>;

const MISMATCH = 'ETagMismatch';

/**
 * Compares the ETag of what a server has stored with the MD5 that was sent, if MD5 was chosen: not every server
 * checks it. Under a KMS key or a customer's own key the ETag is no MD5.
 * @throws S3Failure of kind `corrupt`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
export function checkEtag(
	{ bucket, key, checksum, overwrite }: PutRequest,
	operation: Operation,
	{ ContentMD5: sent }: RequestChecksum,
	{ ETag, ServerSideEncryption: encryption, SSECustomerAlgorithm: ofCustomer }: Stored,
): void {
	const etag = bareEtag(ETag)?.toLowerCase() ?? '';
	if (checksum !== 'MD5' || sent === undefined) return;
	if (!isMd5(etag) || ofCustomer !== undefined) return;
	if (encryption?.startsWith('aws:kms') === true) return;
	if (Buffer.from(sent, 'base64').toString('hex') === etag) return;
	const isConditional = overwrite === 'never' || overwrite === 'ifMatch';
	const left =
		operation === 'PutObject' ? 'The object is stored, but damaged: delete it, and' : 'If so,';
	throw new S3Failure({
		kind: 'corrupt',
		message: `Could not put ${nameOf(bucket, key)}: the bytes that were stored are not those that were sent`,
		advice: `The ETag in the response is not their MD5. ${left} begin the endpoint with https://. If the server makes ETags in another way, choose another Checksum.`,
		// A conditional write would meet what it has stored itself.
		retryable: operation === 'UploadPart' || !isConditional,
		operation,
		code: MISMATCH,
		bucket,
		key,
	});
}

/** Does the work again if its bytes were stored damaged. */
export async function retryIfDamaged<Output>(
	send: () => Promise<Output>,
	call: Call,
): Promise<Output> {
	const isDamaged = ({ code, retryable }: S3Failure) => code === MISMATCH && retryable;
	return await retry(send, delayAfterFailure(isDamaged, call), call.signal);
}
