import * as buckets from './buckets';
import type { Answer, Exchange } from './Exchange';
import * as multipart from './multipart';
import * as objects from './objects';

export interface Operation {
	name: string;
	run: (exchange: Exchange) => Answer | Promise<Answer>;
}

/** The operation that method, path, query and headers ask for; undefined where there is none here. */
export function operationOf(
	method: string,
	hasBucket: boolean,
	hasKey: boolean,
	query: ReadonlyMap<string, string>,
	headers: Readonly<Record<string, string | undefined>>,
): Operation | undefined {
	if (!hasBucket)
		return method === 'GET' ? { name: 'ListBuckets', run: buckets.listBuckets } : undefined;
	return hasKey ? objectOperation(method, query, headers) : bucketOperation(method, query);
}

function bucketOperation(
	method: string,
	query: ReadonlyMap<string, string>,
): Operation | undefined {
	if (method === 'GET') {
		if (query.has('location')) return { name: 'GetBucketLocation', run: buckets.getBucketLocation };
		if (query.has('versions')) return { name: 'ListObjectVersions', run: buckets.listVersions };
		if (query.has('versioning')) return { name: 'GetBucketVersioning', run: buckets.getVersioning };
		if (query.has('uploads')) return { name: 'ListMultipartUploads', run: multipart.listUploads };
		return {
			name: query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects',
			run: buckets.listObjects,
		};
	}
	if (method === 'PUT' && query.has('versioning'))
		return { name: 'PutBucketVersioning', run: buckets.putVersioning };
	if (method === 'POST' && query.has('delete'))
		return { name: 'DeleteObjects', run: objects.deleteObjects };
	if (method === 'HEAD') return { name: 'HeadBucket', run: buckets.headBucket };
	if (method === 'DELETE') return { name: 'DeleteBucket', run: buckets.deleteBucket };
	return method === 'PUT' ? { name: 'CreateBucket', run: buckets.createBucket } : undefined;
}

function objectOperation(
	method: string,
	query: ReadonlyMap<string, string>,
	headers: Readonly<Record<string, string | undefined>>,
): Operation | undefined {
	if (query.has('tagging')) {
		const verb = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' }[method];
		return verb === undefined
			? undefined
			: { name: `${verb}ObjectTagging`, run: buckets.objectTagging };
	}
	if (query.has('uploadId')) {
		if (method === 'PUT') return { name: 'UploadPart', run: multipart.uploadPart };
		if (method === 'POST')
			return { name: 'CompleteMultipartUpload', run: multipart.completeUpload };
		if (method === 'DELETE') return { name: 'AbortMultipartUpload', run: multipart.abortUpload };
		return method === 'GET' ? { name: 'ListParts', run: multipart.listParts } : undefined;
	}
	if (method === 'POST')
		return query.has('uploads')
			? { name: 'CreateMultipartUpload', run: multipart.createUpload }
			: undefined;
	if (method === 'GET')
		return { name: 'GetObject', run: (exchange) => objects.getObject(exchange, true) };
	if (method === 'HEAD')
		return { name: 'HeadObject', run: (exchange) => objects.getObject(exchange, false) };
	if (method === 'DELETE') return { name: 'DeleteObject', run: objects.deleteObject };
	if (method !== 'PUT') return undefined;
	return headers['x-amz-copy-source'] === undefined
		? { name: 'PutObject', run: objects.putObject }
		: { name: 'CopyObject', run: objects.copyObject };
}
