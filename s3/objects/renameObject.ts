import { randomUUID } from 'node:crypto';
import { isDirectoryBucket } from '../bucketKinds';
import type { Call } from '../Call';
import { nameOf } from '../errors/failureFrom';
import { bareEtag } from '../headers/etag';
import { overwriteCondition } from '../headers/overwriteCondition';
import { S3Failure } from '../S3Failure';
import { checkCopy } from './copyChecks';
import type { CopyConnections, CopyRequest, CopyResult } from './CopyRequest';
import { resultOf } from './copyResult';
import { writeOf } from './copyWrite';
import { headObject } from './headObject';

/** What a rename cannot change of an object. */
const CHANGES = ['storageClass', 'encryption', 'objectLock', 'acl', 'tags'] as const;

/**
 * Whether a move can be a rename, which a directory bucket has: within the bucket, and with nothing changed. S3 does
 * not rename what ends with a slash.
 */
export function mayRename({ source, target }: CopyConnections, request: CopyRequest): boolean {
	const { source: from, bucket, key } = request;
	return (
		source === target &&
		isDirectoryBucket(bucket) &&
		from.bucket === bucket &&
		request.metadataDirective === 'keep' &&
		request.overwrite !== 'ifDifferent' &&
		!key.endsWith('/') &&
		!from.key.endsWith('/') &&
		CHANGES.every((name) => request[name] === undefined) &&
		ownersOf(request).size < 2
	);
}

/** The accounts that the bucket is to belong to; a rename itself cannot name one. */
const ownersOf = ({ source, expectedBucketOwner: owner }: CopyRequest): Set<string> =>
	new Set([source.expectedBucketOwner, owner].filter((one) => one !== undefined));

/**
 * Gives an object of a directory bucket another key, at once and without a copy. A repeated request has the same
 * token, by which S3 knows it.
 * @throws S3Failure, also for what a rename would ignore
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_RenameObject.html
 */
export async function renameObject(
	connections: CopyConnections,
	request: CopyRequest,
	call: Call,
): Promise<CopyResult> {
	const { source, bucket, key } = request;
	const { source: s3 } = connections;
	checkCopy(connections, request);
	const { ifMatch, ...object } = source;
	const [expectedBucketOwner] = ownersOf(request);
	const head = await headObject(s3, { ...object, expectedBucketOwner }, call);
	const plan = { ...connections, request, head };
	const { IfMatch, IfNoneMatch } = overwriteCondition(writeOf(plan));
	const input = {
		Bucket: bucket,
		Key: key,
		RenameSource: source.key.split('/').map(encodeURIComponent).join('/'),
		// What is put in its place meanwhile is not renamed.
		SourceIfMatch: bareEtag(ifMatch) ?? head.etag,
		DestinationIfMatch: IfMatch,
		DestinationIfNoneMatch: IfNoneMatch,
		ClientToken: randomUUID(),
	};
	await s3.send('RenameObject', input, call).catch((error: unknown) => {
		if (!(error instanceof S3Failure) || error.kind !== 'precondition') throw error;
		throw error.reworded(
			`Could not rename ${nameOf(bucket, source.key)} to “${key}”: the object was replaced meanwhile, or the new key is not as Overwrite asks`,
			'Nothing was changed. Look at both keys, and run it again.',
		);
	});
	return resultOf(plan, { etag: head.etag, versionId: undefined, parts: 1 }, 'server');
}
