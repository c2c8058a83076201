import type { ServerAddress } from './lab';
import type { ContenderName } from './Report';

/** A node for S3 in n8n: how it is told what to do. */
export interface Contender {
	name: ContenderName;
	/** The node's type in n8n. */
	type: string;
	credentialType: string;
	credential(server: ServerAddress): object;
	putFile(bucket: string, key: string): object;
	putText(bucket: string, key: string, text: string): object;
	get(bucket: string, key: string): object;
	/** All keys under a prefix that ends with a slash, as items. */
	list(bucket: string, prefix: string): object;
}

/** What our node reads in every operation on objects. */
function ourObject(operation: string, bucket: string, parameters: object): object {
	return {
		authentication: 'accessKeys',
		resource: 'object',
		operation,
		bucket: { __rl: true, mode: 'name', value: bucket },
		options: {},
		...parameters,
	};
}

export const OURS = {
	name: 'ours',
	type: 'n8n-nodes-amazon-s3.amazonS3',
	credentialType: 'amazonS3AccessKeysApi',
	credential: ({ region, users, endpoint }) => ({
		...users.main,
		endpoint,
		customRegion: region,
	}),
	putFile: (bucket, key) =>
		ourObject('put', bucket, { key, source: 'binary', binaryProperty: 'data' }),
	putText: (bucket, key, text) => ourObject('put', bucket, { key, source: 'text', text }),
	get: (bucket, key) =>
		ourObject('get', bucket, {
			key: { __rl: true, mode: 'key', value: key },
			as: 'file',
			binaryProperty: 'data',
		}),
	list: (bucket, prefix) => ourList(bucket, prefix, 'items'),
} satisfies Contender;

/** A listing of ours, as items or as a file. */
export function ourList(bucket: string, prefix: string, output: 'items' | 'ndjson'): object {
	return ourObject('list', bucket, { prefix, returnAll: true, output, binaryProperty: 'data' });
}

export const BUILT_IN: Contender = {
	name: 'builtIn',
	type: 'n8n-nodes-base.s3',
	credentialType: 's3',
	credential: ({ region, users, endpoint }) => ({
		...users.main,
		endpoint,
		region,
		forcePathStyle: true,
	}),
	putFile: (bucketName, fileName) => ({
		resource: 'file',
		operation: 'upload',
		bucketName,
		fileName,
		binaryData: true,
		binaryPropertyName: 'data',
	}),
	putText: (bucketName, fileName, fileContent) => ({
		resource: 'file',
		operation: 'upload',
		bucketName,
		fileName,
		binaryData: false,
		fileContent,
	}),
	get: (bucketName, fileKey) => ({
		resource: 'file',
		operation: 'download',
		bucketName,
		fileKey,
		binaryPropertyName: 'data',
	}),
	// It always lists with the delimiter “/”: below a prefix that ends with one, all plain names.
	list: (bucketName, prefix) => ({
		resource: 'file',
		operation: 'getAll',
		bucketName,
		returnAll: true,
		options: { folderKey: prefix },
	}),
};
