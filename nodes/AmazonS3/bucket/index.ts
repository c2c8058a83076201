import type { Registry } from '../../run/operation';
import { cleanUpUploads } from './cleanUpUploads.operation';
import { create } from './create.operation';
import { deleteOperation } from './delete.operation';
import { get } from './get.operation';
import { list } from './list.operation';

/** The operations on buckets, in the order the drop-down shows them. */
export const bucket = {
	list,
	get,
	create,
	delete: deleteOperation,
	cleanUpUploads,
} satisfies Registry;
