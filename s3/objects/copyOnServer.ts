import type { Call } from '../Call';
import { S3Failure } from '../S3Failure';
import type { PartLimits } from '../write/partSizes';
import { mayCopyOnServer } from './copyChecks';
import { copyObject, MAX_SINGLE_COPY } from './copyObject';
import { copyParts } from './copyParts';
import type { Copied, CopyPlan } from './CopyRequest';
import { isMissing, markMissing, saysMissing } from './missingCalls';

/** Calls that not every server has. */
const COPY_CALLS = ['CopyObject', 'UploadPartCopy'] as const;

/**
 * Has the server copy by itself: by one request up to the threshold, in parts above it.
 * @returns undefined if the server does not copy by itself
 * @throws S3Failure
 */
export async function copyOnServer(
	plan: CopyPlan,
	call: Call,
	limits: PartLimits,
): Promise<Copied | undefined> {
	const { target, request, head } = plan;
	if (!mayCopyOnServer(plan, request.source)) return undefined;
	const { size = 0 } = head;
	const inParts = size > Math.min(request.multipartThreshold ?? Infinity, MAX_SINGLE_COPY);
	if (isMissing(target, inParts ? 'UploadPartCopy' : 'CopyObject')) return undefined;
	try {
		return await (inParts ? copyParts(plan, call, limits) : copyObject(plan, call));
	} catch (error) {
		if (!(error instanceof S3Failure) || !saysMissing(target, error)) throw error;
		const missing = COPY_CALLS.find((name) => name === error.operation);
		if (missing === undefined) throw error;
		markMissing(target, missing);
		return undefined;
	}
}
