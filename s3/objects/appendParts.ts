import { MiB } from '../bytes';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { bareEtag } from '../headers/etag';
import type { OverwriteCondition } from '../headers/overwriteCondition';
import { S3Failure } from '../S3Failure';
import type { CompletedPart } from '../sdk';
import { sendPart } from '../upload/multipartUpload';
import { withParts } from '../upload/partReader';
import type { Part } from '../upload/partReader';
import type { ByteSource, PutRequest } from '../upload/putObject';
import { inMultipartUpload } from '../write/multipartUpload';
import { objectHeaders } from '../write/objectHeaders';
import { equalPartSizes, partSizeFor, PART_LIMITS } from '../write/partSizes';
import type { WriteRequest } from '../write/WriteRequest';
import { MAX_SINGLE_COPY } from './copyObject';
import { COPY_LIMITS, copyRanges, rangesOf } from './copyParts';
import type { PartRange } from './copyParts';
import type { Copied, CopyPlan } from './CopyRequest';
import { withTagsAtRisk, withTagsSent } from './copyTags';
import { mistakesPartChecksums } from './partChecksums';

/** Bytes of the smallest object that can be a part which others follow. */
export const LEAST_PART = 5 * MiB;

/**
 * Puts an object together of itself, which the server copies in parts, and of further bytes.
 * @param plan of a copy of the object onto itself
 * @param addition not empty
 * @throws S3Failure of kind `precondition` if the object was replaced since it was looked at
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
 */
export async function appendParts(
	plan: CopyPlan,
	write: WriteRequest,
	addition: ByteSource,
	condition: OverwriteCondition,
	call: Call,
): Promise<Copied> {
	const { target, head, request } = plan;
	const { size: added = 0 } = addition;
	if (added > MAX_SINGLE_COPY) {
		throw S3Failure.invalid(
			`${added} bytes are too many to be appended at once`,
			'Append at most 5 GiB at once, or put the file as an object of its own.',
			{ bucket: request.bucket, key: request.key },
		);
	}
	const algorithm = checksumOf(plan);
	const put: PutRequest = { ...write, source: addition, checksum: algorithm };
	const parts: CompletedPart[] = [];
	const storeParts = async (uploadId: string): Promise<CompletedPart[]> => {
		await copyRanges(plan, write, uploadId, evenRanges(head.size ?? 0, added), parts, call);
		await sendAddition(target, put, uploadId, parts, call);
		return parts;
	};
	const upload = {
		request: write,
		headers: objectHeaders(withTagsSent(plan, write)),
		condition,
		checksum: algorithm,
	};
	const { ETag, VersionId } = await inMultipartUpload(target, upload, storeParts, call).catch(
		(error: unknown) => {
			throw withTagsAtRisk(plan, write, error);
		},
	);
	return { etag: bareEtag(ETag), versionId: VersionId, parts: parts.length };
}

/** Sends further bytes in parts that follow those that were copied, one after the other. */
async function sendAddition(
	s3: S3,
	put: PutRequest,
	uploadId: string,
	parts: CompletedPart[],
	call: Call,
): Promise<void> {
	const { size = 0 } = put.source;
	const copied = parts.length;
	const sizes = equalPartSizes(size, PART_LIMITS.usualPartSize);
	await withParts(put, sizes, s3.writeMemory, call, async (supply) => {
		const send = async (part: Part) => {
			const partNumber = copied + part.partNumber;
			parts.push(await sendPart(s3, put, uploadId, { ...part, partNumber }, call));
		};
		await send(supply.first);
		for await (const part of supply.rest) await send(part);
	});
}

const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

/** The algorithm of the checksum that the object has, if it is one of ours; on AWS there is always one. */
function checksumOf({ target, head }: CopyPlan): (typeof ALGORITHMS)[number] | undefined {
	if (mistakesPartChecksums(target)) return undefined;
	const algorithm = ALGORITHMS.find((name) => name === head.checksum?.algorithm);
	return algorithm ?? (target.connection.endpoint === undefined ? 'CRC32' : undefined);
}

/**
 * The parts of an object that others follow: all of nearly the same size, so that none is too small.
 * @param added bytes that follow, for which parts are left
 */
function evenRanges(size: number, added: number): Generator<PartRange, void, void> {
	const left = COPY_LIMITS.maxParts - Math.ceil(added / PART_LIMITS.usualPartSize);
	const count = Math.ceil(size / partSizeFor(size, undefined, COPY_LIMITS, left));
	return rangesOf(size, Math.ceil(size / count));
}
