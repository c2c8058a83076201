import type { Connection } from '../Connection';
import { S3Failure } from '../S3Failure';

/**
 * Refuses a public endpoint that whoever builds the workflow names for links, if the connection is for one bucket: what
 * is signed for `https://server/other` or `https://other.server` is a request for another bucket.
 * @param endpoint as `endpointUrl` gives it
 * @throws S3Failure of kind `refused`
 */
export function checkPublicEndpoint(connection: Connection, endpoint: string): void {
	const { bucketOnly, bucket = '' } = connection;
	const isOfOwner = [connection.endpoint, connection.publicEndpoint].includes(endpoint);
	if (!bucketOnly || isOfOwner) return;
	throw S3Failure.refused(
		`This credential is only for bucket “${bucket}”, so nothing is signed for a Public Endpoint of the node: another bucket could be there`,
		'Remove Public Endpoint from the options of the node. The owner of the credential can enter it there, or turn “Only This Bucket” off.',
		{ bucket },
	);
}
