import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';
import type { PutRequest } from './PutRequest';

/** The failure of a put that the caller has stopped. */
export function putCancelled({ bucket, key }: PutRequest): S3Failure {
	const about = { operation: 'PutObject', bucket, key };
	return S3Failure.cancelled(`Could not put ${nameOf(bucket, key)}`, about);
}

/** The failure for a source whose stream broke or was stopped; failures of S3 are passed through. */
export function sourceReadFailure(request: PutRequest, cause: unknown): S3Failure {
	if (cause instanceof S3Failure) return cause;
	if (cause instanceof DOMException && cause.name === 'AbortError') return putCancelled(request);
	const { bucket, key } = request;
	return S3Failure.corrupt(
		`Could not put ${nameOf(bucket, key)}: the file could not be read to its end`,
		'The file in n8n is damaged or was deleted; nothing was stored.',
		{ bucket, key, cause },
	);
}

/** @throws S3Failure of kind `corrupt` if the source gave more or fewer bytes than it announced */
export function checkSize(request: PutRequest, bytes: number): void {
	const { size } = request.source;
	if (size === undefined || bytes === size) return;
	throw wrongSize(request, size, bytes > size ? 'more' : `only ${bytes}`);
}

/** The failure for a source that gives fewer bytes than announced, or than the last time it was read. */
export function tooShort(request: PutRequest, bytes: number): S3Failure {
	return wrongSize(request, request.source.size, `only ${bytes}`);
}

function wrongSize(
	{ bucket, key }: PutRequest,
	size: number | undefined,
	found: string,
): S3Failure {
	const announced = size === undefined ? 'more bytes' : `${size} bytes`;
	return S3Failure.corrupt(
		`Could not put ${nameOf(bucket, key)}: the file should have ${announced} but gave ${found}`,
		'The file in n8n is damaged or still being written; nothing was stored.',
		{ bucket, key },
	);
}
