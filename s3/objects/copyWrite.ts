import type { Call } from '../Call';
import { nameOf } from '../errors/failureFrom';
import { carriedDisposition } from '../headers/contentDisposition';
import { customerKeyHeaders } from '../headers/customerKey';
import type { ObjectHead } from '../headers/objectHead';
import { S3Failure } from '../S3Failure';
import type { WriteRequest } from '../write/WriteRequest';
import type { CopyPlan } from './CopyRequest';
import { tagsOfCopy } from './copyTags';
import { keptEncryption } from './keptEncryption';
import { sourceCondition } from './sourceCondition';

/**
 * What a copy says of the new object, if S3 takes content headers, metadata and tags over by itself: only what
 * is to replace them.
 */
export function writeOf({ request, head }: CopyPlan): WriteRequest {
	const { overwrite, tagsDirective, tags, ...write } = request;
	return {
		...write,
		overwrite: overwrite === 'ifDifferent' ? 'always' : overwrite,
		tags: tagsDirective === 'replace' ? tags : undefined,
		storageClass: request.keepStorageClass === true ? head.storageClass : request.storageClass,
		encryption:
			request.keepEncryption === true
				? keptEncryption(head, request.source.customerKey)
				: request.encryption,
	};
}

/**
 * What a copy says of the new object, if S3 takes nothing over: also what is kept of the source.
 * @throws S3Failure if metadata or tags are to be kept and cannot be read, or if the source was replaced meanwhile
 */
export async function wholeWriteOf(plan: CopyPlan, call: Call): Promise<WriteRequest> {
	const { request, head } = plan;
	const keeps = request.metadataDirective === 'keep';
	if (keeps && (head.missingMetadata ?? 0) > 0) throw metadataLost(plan);
	const kept = keeps ? contentHeadersOf(head) : {};
	return { ...writeOf(plan), ...kept, tags: await tagsOfCopy(plan, call) };
}

function contentHeadersOf(head: ObjectHead): Partial<WriteRequest> {
	const expires = new Date(head.expires ?? '');
	return {
		contentType: head.contentType,
		contentDisposition: carriedDisposition(head.contentDisposition),
		contentEncoding: head.contentEncoding,
		contentLanguage: head.contentLanguage,
		cacheControl: head.cacheControl,
		// What is no date cannot be sent as one.
		expires: Number.isNaN(expires.getTime()) ? undefined : expires,
		metadata: head.metadata,
	};
}

/** The failure for a source whose metadata S3 does not give: what is not known cannot be sent with the copy. */
function metadataLost({ request: { source }, head }: CopyPlan): S3Failure {
	const { bucket, key } = source;
	return new S3Failure({
		kind: 'rejected',
		message: `Could not copy ${nameOf(bucket, key)}: S3 has ${head.missingMetadata ?? 0} entries of its metadata that no header can carry, and the copy would lose them`,
		advice:
			'Nothing was written. Copy it with Metadata set to Replace, and give all that the copy is to have.',
		bucket,
		key,
	});
}

/** What every request that copies bytes of the source says of it. */
export function sourceHeaders(plan: CopyPlan) {
	const { source } = plan.request;
	const { SSECustomerAlgorithm, SSECustomerKey } = customerKeyHeaders(source.customerKey);
	return {
		...sourceCondition(plan),
		CopySourceSSECustomerAlgorithm: SSECustomerAlgorithm,
		CopySourceSSECustomerKey: SSECustomerKey,
		ExpectedSourceBucketOwner: source.expectedBucketOwner,
	};
}

/**
 * The failure for a response with status 200 that does not say what was stored: it was cut off, or the server
 * does not know copies and has taken the request for another one.
 */
export function noCopyResult(operation: string, { bucket, key }: WriteRequest): S3Failure {
	return new S3Failure({
		// As after any other lost response, the copy may be there all the same.
		kind: 'unavailable',
		message: `Could not copy to ${nameOf(bucket, key)}: the response does not say what was stored`,
		advice: 'It may have been cut off, or the server does not know copies. Run it again.',
		retryable: true,
		operation,
		bucket,
		key,
	});
}
