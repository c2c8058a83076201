import { createBucket, deleteBucket, listBuckets, searchBucket } from './bucketOperations';
import type { Convert } from './Converted';
import { copyFile, deleteFile, downloadFile, listFiles, uploadFile } from './fileOperations';
import { createFolder, deleteFolder, listFolders } from './folderOperations';

/** All operations of n8n's nodes, by resource and operation. */
export const OPERATIONS: Readonly<Record<string, Convert>> = {
	'bucket:create': createBucket,
	'bucket:delete': deleteBucket,
	'bucket:getAll': listBuckets,
	'bucket:search': searchBucket,
	'folder:create': createFolder,
	'folder:delete': deleteFolder,
	'folder:getAll': listFolders,
	'file:copy': copyFile,
	'file:upload': uploadFile,
	'file:download': downloadFile,
	'file:delete': deleteFile,
	'file:getAll': listFiles,
};

/** What an operation is if the workflow does not say: n8n leaves out what a new node has. */
export const DEFAULTS: Readonly<Record<string, string>> = {
	bucket: 'create',
	folder: 'create',
	file: 'download',
};
