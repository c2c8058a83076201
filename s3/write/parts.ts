import { storedChecksum } from '../checksums/stored';
import { requesterHeaders } from '../headers/requester';
import type { CompletedPart, UploadPartCommandInput } from '../sdk';
import { customerKeyOf } from './objectHeaders';
import type { WriteRequest } from './WriteRequest';

/** The input of a request that stores a part, without where its bytes come from. */
export function partInput(
	request: WriteRequest,
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

/** How the completion names a part, from the response to the request that stored it. */
export function completedPart(
	partNumber: number,
	output: Parameters<typeof storedChecksum>[0] & { ETag?: string | undefined },
): CompletedPart {
	const checksum = storedChecksum(output);
	return {
		PartNumber: partNumber,
		ETag: output.ETag,
		...(checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value }),
	};
}
