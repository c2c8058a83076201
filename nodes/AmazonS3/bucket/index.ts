import type { Registry } from '../../run/operation';
import { list } from './list.operation';

/** The operations on buckets, in the order the drop-down shows them. */
export const bucket = { list } satisfies Registry;
