import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';

/**
 * What time it was for the server, in seconds since 1970.
 * @param milliseconds since 1970
 * @throws S3Failure if the server did not say
 */
export function serverSeconds(milliseconds: number | undefined, bucket: string): number {
	if (milliseconds !== undefined && !Number.isNaN(milliseconds)) {
		return Math.floor(milliseconds / 1000);
	}
	throw S3Failure.corrupt(
		`Could not watch ${nameOf(bucket, undefined)}: the server does not say what time it has`,
		'Its responses need a Date header; look for a proxy that removes it.',
		{ operation: 'ListObjectsV2', bucket },
	);
}
