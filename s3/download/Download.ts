import type { S3 } from '../client/S3';
import type { ObjectHead } from '../headers/objectHead';
import type { GetObjectCommandInput } from '../sdk';

/** An object that is being read: what was asked for, and what the first response said of it. */
export interface Download {
	s3: S3;
	request: { bucket: string; key: string };
	input: GetObjectCommandInput;
	head: ObjectHead;
}

/** Bytes of a body, counted from its beginning. */
export interface ByteRange {
	start: number;
	/** Exclusive; undefined if the server did not say how long the body is. */
	end: number | undefined;
}

/** The input of a further request for the object of the first response: its ETag is the only condition. */
export const sameObject = ({ input, head }: Download): GetObjectCommandInput => ({
	...input,
	IfMatch: head.etag,
	IfNoneMatch: undefined,
	IfModifiedSince: undefined,
	IfUnmodifiedSince: undefined,
});
