import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { bareEtag } from '../headers/etag';
import { overwriteCondition } from '../headers/overwriteCondition';
import { S3Failure } from '../S3Failure';
import type { CopyPlan, CopyRequest } from './CopyRequest';
import { writeOf } from './copyWrite';
import { headObject } from './headObject';
import type { HeadResult } from './headObject';
import { haveSameContent } from './sameContent';
import { hasAllOf } from './wholeCopy';

/** Failures after which it is not known what is there, such as without the permission to read it. */
const UNKNOWN = ['notFound', 'denied', 'rejected'];

/**
 * What is there under the key of the copy.
 * @returns undefined if there is nothing, or if it cannot be looked at
 */
export async function findTarget(
	target: S3,
	request: CopyRequest,
	call: Call,
): Promise<HeadResult | undefined> {
	return await lookAt(target, request, call).catch((error: unknown) => {
		if (isUnknown(error)) return undefined;
		throw error;
	});
}

/**
 * What is there before a copy is made.
 * @returns as `findTarget`
 * @throws S3Failure also if it cannot be looked at, is there and must not be overwritten
 */
export async function findBefore(
	{ target, request }: CopyPlan,
	call: Call,
): Promise<HeadResult | undefined> {
	const { bucket, key, overwrite } = request;
	return await lookAt(target, request, call).catch((error: unknown) => {
		if (!isUnknown(error)) throw error;
		// A server that refuses to tell, as it does without a customer's own key, has something there.
		if (error.kind !== 'rejected' || overwrite !== 'never') return undefined;
		throw error.reworded(
			`Could not copy to ${nameOf(bucket, key)}: what is there cannot be looked at`,
			`Nothing was written. ${error.advice}`,
		);
	});
}

async function lookAt(target: S3, request: CopyRequest, call: Call): Promise<HeadResult> {
	const { encryption } = request;
	const customerKey = encryption?.kind === 'customer' ? encryption.key : undefined;
	return await headObject(target, { ...request, customerKey }, call);
}

const isUnknown = (error: unknown): error is S3Failure =>
	error instanceof S3Failure && UNKNOWN.includes(error.kind);

/** Why a copy is not needed: the object that is there is known to have the same bytes. */
export function reasonToSkip(plan: CopyPlan, found: HeadResult | undefined): string | undefined {
	if (found === undefined || haveSameContent(plan.head, found) !== true) return undefined;
	// The source may be deleted then, with headers and metadata that nothing else has.
	const countsAsCopy = plan.request.skipIfEqual === true;
	if (countsAsCopy && !hasAllOf(plan, writeOf(plan), found)) return undefined;
	return `The object there has the same size and the same ${found.checksum?.algorithm ?? 'checksum'}`;
}

/**
 * Compares what is there with the condition of a copy: other servers than AWS may ignore the condition that is
 * sent. Somebody who writes between the two requests loses.
 * @throws S3Failure of kind `precondition`
 */
export function checkCondition(plan: CopyPlan, found: HeadResult | undefined): void {
	const write = writeOf(plan);
	const { IfMatch, IfNoneMatch } = overwriteCondition(write);
	const { bucket, key } = write;
	const refuse = (why: string, advice: string) => {
		const message = `Could not copy to ${nameOf(bucket, key)}: ${why}`;
		throw new S3Failure({ kind: 'precondition', message, advice, bucket, key });
	};
	if (IfNoneMatch !== undefined && found !== undefined) {
		refuse(
			'there is an object with this key already',
			'Nothing was written. Use another key, or allow overwriting.',
		);
	}
	if (IfMatch !== undefined && found?.etag !== bareEtag(IfMatch)) {
		refuse(
			`the object is not the one with ETag ${IfMatch}`,
			`Somebody changed or deleted it in between${found === undefined ? ', or it may not be looked at, which takes s3:GetObject on it' : ''}; nothing was written.`,
		);
	}
}
