import type { Call } from '../Call';
import { S3Failure } from '../S3Failure';
import type { PartLimits } from '../write/partSizes';
import { mayForgetLock } from '../write/lockOfParts';
import { mayCopyOnServer } from './copyChecks';
import { copyObject, MAX_SINGLE_COPY } from './copyObject';
import { copyParts } from './copyParts';
import type { Copied, CopyPlan } from './CopyRequest';
import { keepsAll, takesTags } from './copyTags';
import { writeOf } from './copyWrite';
import { isMissing, markMissing, mistakesSource, saysMissing } from './missingCalls';

/** Calls that not every server has. */
const COPY_CALLS = ['CopyObject', 'UploadPartCopy'] as const;

/** What a copy may be asked for that not every server has. */
const OPTIONS = [
	'acl',
	'encryption',
	'objectLock',
	'storageClass',
	'websiteRedirectLocation',
] as const;

/**
 * Has the server copy by itself: by one request up to the threshold, in parts above it. What is to be locked goes by
 * one request if a server may forget the lock of parts, and so does what it may take another object for in parts.
 * @returns undefined if the server does not copy by itself, or not with what is asked for
 * @throws S3Failure
 */
export async function copyOnServer(
	plan: CopyPlan,
	call: Call,
	limits: PartLimits,
): Promise<Copied | undefined> {
	const { target } = plan;
	const name = callFor(plan);
	if (name === undefined) return undefined;
	try {
		return await (name === 'CopyObject' ? copyObject(plan, call) : copyParts(plan, call, limits));
	} catch (error) {
		if (!(error instanceof S3Failure)) throw error;
		if (mistakesKeys(plan, error)) return undefined;
		if (!saysMissing(target, error)) throw withAdviceOnKeys(plan, error);
		const missing = COPY_CALLS.find((name) => name === error.operation);
		if (missing === undefined) throw error;
		// It may be an option that the server does not have: Ceph 16 copies nothing under a customer's own key.
		if (isPlain(plan)) markMissing(target, missing);
		return undefined;
	}
}

const BAD_REQUEST = 400;

/** Whether a server reads parts with the key of the target in place of that of the source, as Ceph 16 does. */
function mistakesKeys({ target, request }: CopyPlan, { operation, status }: S3Failure): boolean {
	const { source, encryption } = request;
	const keyOfTarget = encryption?.kind === 'customer' ? encryption.key : undefined;
	if (source.customerKey === undefined || source.customerKey === keyOfTarget) return false;
	const isOfAws = target.connection.endpoint === undefined;
	return !isOfAws && operation === 'UploadPartCopy' && status === BAD_REQUEST;
}

/** By the kind of a failure, what it may come from if the keys of the target read the source. */
const ADVICE_ON_KEYS: Partial<Record<S3Failure['kind'], string>> = {
	denied:
		'With Copy On the Server that is the identity of the second credential: the policy of the source bucket may allow it to read, or switch the option off.',
	notFound:
		'With Copy On the Server the keys of the second credential read the source, too. If each account of the server has buckets of its own, they do not find it: switch the option off.',
	precondition:
		'With Copy On the Server the keys of the second credential read the source, too. If each account of the server has buckets of its own, they find another one: switch the option off.',
};

/** Which keys are meant, if those of the target read the source. */
function withAdviceOnKeys({ source, target, request }: CopyPlan, failure: S3Failure): S3Failure {
	const isOfTarget = source !== target && request.withTargetKeys === true;
	// Any other precondition is one of the target.
	const isOfSource =
		failure.kind === 'precondition'
			? failure.retryable
			: COPY_CALLS.some((name) => name === failure.operation);
	const advice = ADVICE_ON_KEYS[failure.kind];
	if (!isOfTarget || !isOfSource || advice === undefined) return failure;
	return failure.reworded(failure.message, `${failure.advice} ${advice}`);
}

/** The call by which the server copies by itself; undefined if it does not, as far as is known. */
function callFor({
	target,
	source,
	request,
	head,
}: CopyPlan): (typeof COPY_CALLS)[number] | undefined {
	if (!mayCopyOnServer({ source, target }, request)) return undefined;
	const { size = 0 } = head;
	const isMistaken = mistakesSource(target, request.source.key);
	const isWhole = isMistaken || mayForgetLock(target, request);
	const threshold = isWhole ? undefined : request.multipartThreshold;
	const inParts = size > Math.min(threshold ?? Infinity, MAX_SINGLE_COPY);
	if (inParts && isMistaken) return undefined;
	const name = inParts ? 'UploadPartCopy' : 'CopyObject';
	return isMissing(target, name) ? undefined : name;
}

/** Whether a copy that is there may lack its tags, because a request after it has failed. */
export const mayLackTags = (plan: CopyPlan): boolean =>
	!takesTags(plan) && !(callFor(plan) === 'CopyObject' && keepsAll(plan.request));

/** Whether nothing is sent with a copy that not every server has. */
function isPlain(plan: CopyPlan): boolean {
	const write = writeOf(plan);
	const { customerKey } = plan.request.source;
	return customerKey === undefined && OPTIONS.every((name) => write[name] === undefined);
}
