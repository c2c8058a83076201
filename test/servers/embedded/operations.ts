import * as attributes from './attributes';
import * as buckets from './buckets';
import * as completion from './completion';
import * as copies from './copies';
import * as deletions from './deletions';
import type { S3Response, Exchange } from './Exchange';
import * as listings from './listings';
import * as multipart from './multipart';
import * as objects from './objects';
import * as postObject from './postObject';
import * as reads from './reads';
import * as restores from './restores';
import * as tagging from './tagging';
import * as uploadListings from './uploadListings';
import * as versions from './versions';

export interface Operation {
	name: string;
	run: (exchange: Exchange) => S3Response | Promise<S3Response>;
}

type Query = ReadonlyMap<string, string>;
type Headers = Readonly<Record<string, string | undefined>>;

const as = (name: string, run: Operation['run']): Operation => ({ name, run });

/** Parts of the query that ask for something else than the bucket or object itself. */
const SUBRESOURCES = [
	...['accelerate', 'acl', 'analytics', 'attributes', 'cors', 'delete', 'encryption', 'inventory'],
	...['intelligent-tiering', 'legal-hold', 'lifecycle', 'location', 'logging', 'metrics'],
	...['notification', 'object-lock', 'ownershipControls', 'policy', 'policyStatus'],
	...['publicAccessBlock', 'replication', 'requestPayment', 'restore', 'retention', 'select'],
	...['session', 'tagging', 'torrent', 'uploadId', 'uploads', 'versioning', 'versions', 'website'],
	...['append', 'metadataTable', 'renameObject'],
];

/** By method and subresource. */
const BUCKET: Readonly<Record<string, Operation>> = {
	'GET encryption': as('GetBucketEncryption', buckets.getEncryption),
	'GET object-lock': as('GetObjectLockConfiguration', buckets.getObjectLock),
	'GET ownershipControls': as('GetBucketOwnershipControls', buckets.getOwnership),
	'GET tagging': as('GetBucketTagging', buckets.getTagging),
	'GET location': as('GetBucketLocation', buckets.getBucketLocation),
	'GET versions': as('ListObjectVersions', versions.listVersions),
	'GET versioning': as('GetBucketVersioning', versions.getVersioning),
	'PUT versioning': as('PutBucketVersioning', versions.putVersioning),
	'GET uploads': as('ListMultipartUploads', uploadListings.listUploads),
	'POST ': as('PostObject', postObject.postObject),
	'POST delete': as('DeleteObjects', deletions.deleteObjects),
	'HEAD ': as('HeadBucket', buckets.headBucket),
	'PUT ': as('CreateBucket', buckets.createBucket),
	'DELETE ': as('DeleteBucket', buckets.deleteBucket),
};

const OBJECT: Readonly<Record<string, Operation>> = {
	'GET ': as('GetObject', reads.getObject),
	'HEAD ': as('HeadObject', reads.headObject),
	'PUT ': as('PutObject', objects.putObject),
	'DELETE ': as('DeleteObject', deletions.deleteObject),
	'GET acl': as('GetObjectAcl', reads.getAcl),
	'GET attributes': as('GetObjectAttributes', attributes.getAttributes),
	'GET tagging': as('GetObjectTagging', tagging.getTagging),
	'PUT tagging': as('PutObjectTagging', tagging.putTagging),
	'DELETE tagging': as('DeleteObjectTagging', tagging.deleteTagging),
	'POST restore': as('RestoreObject', restores.restoreObject),
	'POST uploads': as('CreateMultipartUpload', multipart.createUpload),
	'PUT uploadId': as('UploadPart', multipart.uploadPart),
	'POST uploadId': as('CompleteMultipartUpload', completion.completeUpload),
	'DELETE uploadId': as('AbortMultipartUpload', multipart.abortUpload),
	'GET uploadId': as('ListParts', uploadListings.listParts),
};

const COPIES: Readonly<Record<string, Operation>> = {
	'PUT ': as('CopyObject', copies.copyObject),
	'PUT uploadId': as('UploadPartCopy', copies.uploadPartCopy),
};

/** The operation that method, path, query and headers ask for; undefined if this server has none. */
export function operationOf(
	method: string,
	hasBucket: boolean,
	hasKey: boolean,
	query: Query,
	headers: Headers,
): Operation | undefined {
	const subresource = SUBRESOURCES.find((name) => query.has(name)) ?? '';
	const asked = `${method} ${subresource}`;
	if (!hasBucket) return asked === 'GET ' ? as('ListBuckets', buckets.listBuckets) : undefined;
	if (hasKey) {
		return headers['x-amz-copy-source'] === undefined ? OBJECT[asked] : COPIES[asked];
	}
	if (asked === 'GET ') {
		const name = query.has('list-type') ? 'ListObjectsV2' : 'ListObjects';
		return as(name, listings.listObjects);
	}
	return BUCKET[asked];
}
