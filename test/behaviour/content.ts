import { MiB } from './TestBucket';

/** Bytes of objects, more than any server takes for small. */
export const content = Buffer.from(Array.from({ length: 12 * MiB + 7 }, (_, i) => (i * 37) % 253));
