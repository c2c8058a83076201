import { MiB } from './TestBucket';
import { bytesFrom } from '../bytes';

/** All that an object can have besides its bytes, and a copy keeps. */
export const ALL = {
	contentType: 'text/x-test',
	cacheControl: 'max-age=60',
	contentDisposition: 'attachment',
	contentEncoding: 'gzip',
	contentLanguage: 'en',
	expires: new Date('2030-01-01T00:00:00Z'),
	metadata: { plain: 'value', uni: 'grüße 😀' },
	tags: { a: 'b', 'c d': 'e+f' },
};

/** Bytes of objects, more than any server takes for small. */
export const content = bytesFrom(12 * MiB + 7, (i) => (i * 37) % 253);
