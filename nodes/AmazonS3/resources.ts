import type { Registry } from '../run/operation';
import { bucket } from './bucket';
import { object } from './object';
import { queue } from './queue';

/** The operations of the node by resource, under the values that a workflow saves. */
export const resources = { bucket, object, queue } satisfies Readonly<Record<string, Registry>>;
