import type { Registry } from '../../run/operation';
import { get } from './get.operation';
import { list } from './list.operation';
import { put } from './put.operation';

/** The operations on objects, in the order the drop-down shows them. */
export const object = { get, list, put } satisfies Registry;
