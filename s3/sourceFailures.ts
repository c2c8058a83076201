import { nameOf } from './failureFrom';
import type { PutRequest } from './PutRequest';
import { S3Failure } from './S3Failure';

/** The failure for a source whose stream broke; failures of S3 are passed through. */
export function unreadable({ bucket, key }: PutRequest, cause: unknown): S3Failure {
	if (cause instanceof S3Failure) return cause;
	return new S3Failure({
		kind: 'corrupt',
		message: `Could not put ${nameOf(bucket, key)}: the file could not be read to its end`,
		advice: 'The file in n8n is damaged or was deleted; nothing was stored.',
		bucket,
		key,
		cause,
	});
}

/** @throws S3Failure when the source gave another number of bytes than it announced */
export function checkSize({ bucket, key, source }: PutRequest, bytes: number): void {
	if (source.size === undefined || bytes === source.size) return;
	const found = bytes > source.size ? 'more' : `only ${String(bytes)}`;
	throw new S3Failure({
		kind: 'corrupt',
		message: `Could not put ${nameOf(bucket, key)}: the file should have ${String(source.size)} bytes but gave ${found}`,
		advice: 'The file in n8n is damaged or still being written; nothing was stored.',
		bucket,
		key,
	});
}
