import type { Registry } from '../run/operation';
import { bucket } from './bucket';
import { object } from './object';

/** The operations of the node by resource, under the values that a workflow saves. */
export const resources = { bucket, object } satisfies Readonly<Record<string, Registry>>;
