import type { OpenS3, S3 } from '../../s3/client/S3';
import type { Connection } from '../../s3/Connection';
import { isPrivateHost } from '../../s3/http/hosts';

/** Connections without a bucket whose keys were refused the list of buckets, by the connection test or by a picker. */
const withoutBucketList = new WeakSet<S3>();

/** Remembers whether the keys of a connection may list buckets, so that nobody has to ask for it again. */
export function noteBucketList(s3: S3, mayList: boolean): void {
	if (mayList) withoutBucketList.delete(s3);
	else withoutBucketList.add(s3);
}

/** A sentence for people whose credential has no bucket, if it is known that its keys may not list buckets. */
export function bucketListWarning(s3: S3): string | undefined {
	if (!withoutBucketList.has(s3)) return undefined;
	return 'These keys may not list buckets, so the field Bucket has no list to choose from. Enter buckets “By Name”, as an expression, or in the credential.';
}

/**
 * Sentences for people about a connection that works and could be better, as far as its responses tell.
 *
 * @param used buckets that a node has used it for
 */
export function connectionWarnings(s3: OpenS3, used: Iterable<string> = []): string[] {
	const buckets = new Set([s3.connection.bucket, ...used]);
	const regions = [...buckets].map((bucket) => regionWarning(s3, bucket));
	const warnings = [...regions, plainHttpWarning(s3.connection)];
	return warnings.filter((sentence) => sentence !== undefined);
}

function regionWarning(s3: OpenS3, bucket: string | undefined): string | undefined {
	const region = s3.regionFoundFor(bucket);
	if (region === undefined || bucket === undefined) return undefined;
	const { connection } = s3;
	const advice =
		bucket === connection.bucket
			? `choose ${region} in the credential to save a request`
			: `a credential with the region ${region} saves a request`;
	return `The bucket “${bucket}” is in region ${region}, not ${connection.region}: that works, but ${advice}.`;
}

/** Signed requests do not give the keys away, but everybody on the way can read the data. */
function plainHttpWarning({ endpoint, identity }: Connection): string | undefined {
	if (endpoint === undefined) return undefined;
	const { protocol, hostname } = new URL(endpoint);
	if (protocol === 'https:' || isPrivateHost(hostname)) return undefined;
	const what = identity.kind === 'httpBasic' ? 'the password and all data' : 'all data';
	return `The endpoint of the credential begins with http://, so ${what} can be read on the way to ${hostname}; use https:// if the server has it.`;
}
