import { storedChecksum } from '../checksums/stored';
import type { OverwriteCondition } from '../headers/overwriteCondition';
import { requesterHeaders } from '../headers/requester';
import type { Calls, CompletedPart, UploadPartCommandInput } from '../sdk';
import { customerKeyOf } from './objectHeaders';
import type { ObjectHeaders } from './objectHeaders';
import type { PartLimits } from './partSizes';
import type { PutRequest } from './PutRequest';

/** Parts of one object that are in flight at the same time. */
export const PARTS_IN_FLIGHT = 4;

/** One object to upload, checked, with what its requests say about it. */
export interface UploadPlan {
	request: PutRequest;
	headers: ObjectHeaders;
	/** For the request that makes the object visible. */
	condition: OverwriteCondition;
	limits: PartLimits;
}

/** The parts of a multipart upload that have been sent. */
export interface SentParts {
	parts: CompletedPart[];
	/** Bytes of all parts. */
	size: number;
	/** Whether the last of them ended the object. */
	ended: boolean;
}

/** The input of a request that uploads a part, without its body. */
export function partInput(
	request: PutRequest,
	uploadId: string,
	partNumber: number,
): Omit<UploadPartCommandInput, 'Body'> {
	return {
		Bucket: request.bucket,
		Key: request.key,
		UploadId: uploadId,
		PartNumber: partNumber,
		...customerKeyOf(request),
		...requesterHeaders(request),
	};
}

/** How the completion names a part, from the response to its upload. */
export function completedPart(
	partNumber: number,
	output: Calls['UploadPart']['output'],
): CompletedPart {
	const checksum = storedChecksum(output);
	return {
		PartNumber: partNumber,
		ETag: output.ETag,
		...(checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value }),
	};
}
