import type { S3 } from '../client/S3';
import type { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';

const STATUSES = [405, 501];
const CODES = ['MethodNotAllowed', 'NotImplemented'];
/** What a request with a body is refused with that does not say how long it is. */
const NO_LENGTH = 'MissingContentLength';

/** By connection; a server that learns a call is asked again when its connection is opened anew. */
const missing = new WeakMap<S3, Set<keyof Calls>>();

/** Whether the server of a connection is known not to have a call. */
export const isMissing = (s3: S3, call: keyof Calls): boolean =>
	missing.get(s3)?.has(call) === true;

/** Keeps in mind that the server of a connection does not have a call. */
export function markMissing(s3: S3, call: keyof Calls): void {
	const calls = missing.get(s3) ?? new Set();
	missing.set(s3, calls.add(call));
}

/**
 * Whether a failure says that the server does not have the call, and nothing was done. AWS has them all: there
 * the same words are about what the request asks for.
 */
export const saysMissing = ({ connection }: S3, failure: S3Failure): boolean => {
	const { code, status } = failure;
	if (connection.endpoint === undefined) return false;
	return STATUSES.includes(status ?? 0) || CODES.includes(code ?? '') || wantsBytes(failure);
};

/** Whether a server takes the copy of a part for an upload, which would have a length, as gofakes3 and rclone do. */
const wantsBytes = ({ operation, code }: S3Failure): boolean =>
	operation === 'UploadPartCopy' && code === NO_LENGTH;

/**
 * Whether a server may copy a part of another object than the one that is named: Ceph 16 decodes the name of its source
 * twice, looks for a version in what comes of it, and does not compare the ETag.
 */
export const mistakesSource = ({ connection }: S3, key: string): boolean =>
	connection.endpoint !== undefined && /%|\?versionId=/.test(key);
