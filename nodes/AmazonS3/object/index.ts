import type { Registry } from '../../run/operation';
import { append } from './append.operation';
import { changeStorageClass } from './changeStorageClass.operation';
import { copy } from './copy.operation';
import { deleteOperation } from './delete.operation';
import { deleteByPrefix } from './deleteByPrefix.operation';
import { get } from './get.operation';
import { getMetadata } from './getMetadata.operation';
import { getPresignedPost } from './getPresignedPost.operation';
import { getPresignedUrl } from './getPresignedUrl.operation';
import { getTags } from './getTags.operation';
import { list } from './list.operation';
import { listVersions } from './listVersions.operation';
import { move } from './move.operation';
import { parseEvent } from './parseEvent.operation';
import { put } from './put.operation';
import { restore } from './restore.operation';
import { setTags } from './setTags.operation';
import { undelete } from './undelete.operation';

/** The operations on objects, in the order the drop-down shows them. */
export const object = {
	put,
	get,
	list,
	getMetadata,
	getPresignedUrl,
	getPresignedPost,
	copy,
	move,
	append,
	delete: deleteOperation,
	deleteByPrefix,
	undelete,
	listVersions,
	getTags,
	setTags,
	restore,
	changeStorageClass,
	parseEvent,
} satisfies Registry;
