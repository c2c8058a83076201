import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import type { ObjectHead } from '../headers/objectHead';
import { S3Failure } from '../S3Failure';
import type { WriteRequest } from '../write/WriteRequest';
import type { AppendRequest } from './AppendRequest';
import type { CopyPlan } from './CopyRequest';
import { wholeWriteOf } from './copyWrite';
import { keptEncryption } from './keptEncryption';

/** A copy of the object onto itself, which keeps what it has. */
export function planOf(
	s3: S3,
	{ bucket, key, tags, customerKey, requestPayer, expectedBucketOwner }: AppendRequest,
	head: ObjectHead,
): CopyPlan {
	return {
		source: s3,
		target: s3,
		head,
		request: {
			source: { bucket, key, customerKey, expectedBucketOwner },
			bucket,
			key,
			metadataDirective: 'keep',
			tagsDirective: tags,
			keepStorageClass: true,
			requestPayer,
			expectedBucketOwner,
		},
	};
}

/**
 * What is said of the object when it is written anew.
 * @throws S3Failure if its tags are to be kept and cannot be read
 */
export async function writeOf(
	plan: CopyPlan,
	request: AppendRequest,
	call: Call,
): Promise<WriteRequest> {
	const write = await wholeWriteOf(plan, call).catch(orDropTags);
	return { ...write, encryption: keptEncryption(plan.head, request.customerKey) };
}

/** An object can be appended to without a permission for its tags. */
function orDropTags(error: unknown): never {
	const isDenied = error instanceof S3Failure && error.kind === 'denied';
	if (!isDenied || error.operation !== 'GetObjectTagging') throw error;
	throw error.reworded(error.message, `${error.advice} Or set Tags to Drop: it has none then.`);
}
