import { MiB } from '../bytes';
import type { Call } from '../Call';
import { copySource } from '../headers/copySource';
import { bareEtag } from '../headers/etag';
import { overwriteCondition } from '../headers/overwriteCondition';
import { S3Failure } from '../S3Failure';
import type { CompletedPart } from '../sdk';
import { inMultipartUpload } from '../write/multipartUpload';
import type { MultipartWrite } from '../write/multipartUpload';
import { objectHeaders } from '../write/objectHeaders';
import { completedPart, partInput } from '../write/parts';
import { checkObjectSize, PART_LIMITS, partSizeFor } from '../write/partSizes';
import type { PartLimits } from '../write/partSizes';
import { withWorkers } from '../write/workers';
import type { WriteRequest } from '../write/WriteRequest';
import { checkCopiedEncryption } from './copiedEncryption';
import { checkSourceVersion } from './copiedVersion';
import type { Copied, CopyPlan } from './CopyRequest';
import { settleSentTags, withTagsAtRisk, withTagsSent } from './copyTags';
import { noCopyResult, sourceHeaders, wholeWriteOf } from './copyWrite';
import { againWithoutChecksums, checkPartChecksum, mistakesPartChecksums } from './partChecksums';
import { replacedSource } from './replacedSource';
import { noteRefusedSource } from './sourceCondition';

/** Parts that are copied at the same time: the server has the work. */
const PARTS_IN_FLIGHT = 8;

/** Larger parts than those of uploads: no bytes are sent, so a part that is repeated costs little. */
export const COPY_LIMITS: PartLimits = { ...PART_LIMITS, usualPartSize: 256 * MiB };

/** The bytes of the source that one part copies. */
export interface PartRange {
	partNumber: number;
	/** As HTTP writes it; undefined for the whole object. */
	range: string | undefined;
}

/**
 * Copies an object on the server in parts, several at a time. Every part is pinned to the ETag of the source.
 * S3 takes nothing over by itself: content headers, metadata and tags of the source are sent with the upload.
 * @throws S3Failure of kind `precondition` and `retryable` if the source was replaced since it was looked at;
 * the upload is aborted
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
 */
export async function copyParts(
	plan: CopyPlan,
	call: Call,
	limits: PartLimits = COPY_LIMITS,
): Promise<Copied> {
	return await againWithoutChecksums(async () => await copyAll(plan, limits, call));
}

async function copyAll(plan: CopyPlan, limits: PartLimits, call: Call): Promise<Copied> {
	const { target, request, head } = plan;
	const { size = 0 } = head;
	checkObjectSize(request, size, limits);
	const ranges = rangesOf(size, partSizeFor(size, request.partSize, limits));
	const write = await wholeWriteOf(plan, call);
	const parts: CompletedPart[] = [];
	const storeParts = async (uploadId: string): Promise<CompletedPart[]> => {
		await copyRanges(plan, write, uploadId, ranges, parts, call);
		return parts;
	};
	const upload = multipartWrite(plan, write);
	const output = await inMultipartUpload(target, upload, storeParts, call).catch(
		(error: unknown) => {
			throw withTagsAtRisk(plan, write, error);
		},
	);
	await checkCopiedEncryption(target, write, undefined, call);
	const made = {
		etag: bareEtag(output.ETag),
		versionId: output.VersionId,
		parts: parts.length,
	};
	await settleSentTags(plan, made, write, call);
	return made;
}

/** The parts of an object, of so many bytes each but the last; each worker takes the next one. */
export function* rangesOf(size: number, partSize: number): Generator<PartRange, void, void> {
	const isOne = size <= partSize;
	for (let offset = 0, partNumber = 1; offset < size; offset += partSize, partNumber++) {
		const last = Math.min(size, offset + partSize) - 1;
		// AWS takes a range only of objects of more than 5 MB.
		yield { partNumber, range: isOne ? undefined : `bytes=${offset}-${last}` };
	}
}

/** As CopyObject does by itself, the copy gets a checksum of the algorithm that the source has. */
function multipartWrite(plan: CopyPlan, write: WriteRequest): MultipartWrite {
	const asked = plan.head.checksum?.algorithm;
	const algorithm = mistakesPartChecksums(plan.target) ? undefined : asked;
	return {
		request: write,
		headers: objectHeaders(withTagsSent(plan, write)),
		condition: overwriteCondition(write),
		checksum: algorithm === 'MD5' ? undefined : algorithm,
	};
}

/**
 * Copies parts, several at a time.
 * @param ranges each is taken once
 * @param parts those that are copied are added
 * @throws S3Failure as `copyParts`
 */
export async function copyRanges(
	plan: CopyPlan,
	write: WriteRequest,
	uploadId: string,
	ranges: Generator<PartRange, void, void>,
	parts: CompletedPart[],
	call: Call,
): Promise<void> {
	// A failure ends the ranges, and the parts under way are waited for: a server goes on with a copy whose request was
	// given up, and might keep the part after the upload was aborted.
	await withWorkers(PARTS_IN_FLIGHT, call, async () => {
		for (const range of ranges) parts.push(await copyPart(plan, write, uploadId, range, call));
	});
}

async function copyPart(
	plan: CopyPlan,
	write: WriteRequest,
	uploadId: string,
	{ partNumber, range }: PartRange,
	call: Call,
): Promise<CompletedPart> {
	const { source } = plan.request;
	const input = {
		...partInput(write, uploadId, partNumber),
		...sourceHeaders(plan),
		CopySource: copySource(source),
		CopySourceRange: range,
	};
	const copied = await plan.target.send('UploadPartCopy', input, call).catch((error: unknown) => {
		const isReplaced = error instanceof S3Failure && error.kind === 'precondition';
		if (!isReplaced) throw error;
		noteRefusedSource(plan);
		throw replacedSource(source);
	});
	const { CopyPartResult: result, CopySourceVersionId } = copied;
	checkSourceVersion(source, CopySourceVersionId);
	if (result?.ETag === undefined) throw noCopyResult('UploadPartCopy', write);
	if (mistakesPartChecksums(plan.target)) return { PartNumber: partNumber, ETag: result.ETag };
	const part = completedPart(partNumber, result);
	checkPartChecksum(plan, range, part);
	return part;
}
