import type { Registry } from '../../run/operation';
import { deleteOperation } from './delete.operation';
import { get } from './get.operation';
import { getMetadata } from './getMetadata.operation';
import { getTags } from './getTags.operation';
import { list } from './list.operation';
import { put } from './put.operation';
import { setTags } from './setTags.operation';

/** The operations on objects, in the order the drop-down shows them. */
export const object = {
	delete: deleteOperation,
	get,
	getMetadata,
	getTags,
	list,
	put,
	setTags,
} satisfies Registry;
