import type { Registry } from '../../run/operation';
import { acknowledge } from './acknowledge.operation';

/** The operations on queues that tell of objects. */
export const queue = { acknowledge } satisfies Registry;
