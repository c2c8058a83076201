import type { OverwriteCondition } from '../headers/overwriteCondition';
import type { CompletedPart } from '../sdk';
import type { ObjectHeaders } from '../write/objectHeaders';
import type { PartLimits } from '../write/partSizes';
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
