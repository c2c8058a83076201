import type { Target } from '../calls/calls';
import type { Connection } from '../Connection';
import { S3Failure } from '../S3Failure';

/**
 * Names that stand for a server of AWS: ARNs, directory buckets of S3 Express and their access points, and aliases of
 * S3 on Outposts. The SDK sends their requests to another host, below the name of the endpoint or at AWS.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html
 */
const NAMES_A_HOST = /^arn:|--(x|xa|op)-s3$/i;

/**
 * Refuses a bucket whose requests would leave the endpoint of the connection.
 * @throws S3Failure of kind `invalid`
 */
export function checkOwnEndpoint(
	{ endpoint }: Pick<Connection, 'endpoint'>,
	{ bucket }: Target,
): void {
	if (endpoint === undefined || bucket === undefined || !NAMES_A_HOST.test(bucket)) return;
	throw S3Failure.invalid(
		`“${bucket}” names a server of AWS, but the credential has the endpoint ${endpoint}`,
		'Use the name of a bucket of that server, or a credential without an Endpoint for ARNs and directory buckets.',
		{ bucket },
	);
}
