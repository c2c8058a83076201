import type { PartLimits } from './partSizes';
import type { PutRequest } from './PutRequest';
import { storedChecksum } from '../checksums/stored';
import { customerKeyHeaders } from '../headers/customerKey';
import { requesterHeaders } from '../headers/requester';
import type { ObjectHeaders } from './objectHeaders';
import type { Calls, CompletedPart, UploadPartCommandInput } from '../sdk';

/** Parts of one object that are sent at the same time. */
export const PARTS_IN_FLIGHT = 4;

/** One object on its way to S3. */
export interface MultipartUpload {
	request: PutRequest;
	headers: ObjectHeaders;
	limits: PartLimits;
}

/** What has arrived of it. */
export interface SentParts {
	parts: CompletedPart[];
	/** Bytes of all parts. */
	size: number;
	/** Whether the last of them ended the object. */
	ended: boolean;
}

/** What every request says that uploads a part. */
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
		...customerKey(request),
		...requesterHeaders(request),
	};
}

/** How the completion names a part. */
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

export function customerKey({ encryption }: PutRequest): ReturnType<typeof customerKeyHeaders> {
	return encryption?.kind === 'customer' ? customerKeyHeaders(encryption.key) : {};
}
