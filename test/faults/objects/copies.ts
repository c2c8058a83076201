import { copyBetween } from '../../../s3/objects/copyBetween';
import type { CopyRequest } from '../../../s3/objects/copyBetween';
import { PART_LIMITS } from '../../../s3/write/partSizes';
import type { S3 } from '../../../s3/client/S3';
import type { EmbeddedServer } from '../../servers/embedded';
import { keyBytes } from '../../servers/embedded/store';
import { bucket, call } from './objectServer';

export const MiB = 1024 * 1024;
/** Limits that make small objects large ones; bytes. */
export const SMALL_PARTS = { ...PART_LIMITS, usualPartSize: 5 * MiB };

/** A copy of “key” to “copy”, with all that is kept. */
export const requestWith = ({
	source,
	...request
}: Omit<Partial<CopyRequest>, 'source'> & {
	source?: Partial<CopyRequest['source']>;
} = {}): CopyRequest => ({
	bucket,
	key: 'copy',
	metadataDirective: 'keep',
	tagsDirective: 'keep',
	...request,
	source: { bucket, key: 'key', ...source },
});

/** Copies within a connection. */
export const copyOver = (
	s3: S3,
	request: Parameters<typeof requestWith>[0] = {},
	{ signal = undefined as AbortSignal | undefined } = {},
) =>
	copyBetween({ source: s3, target: s3 }, requestWith(request), { ...call, signal }, SMALL_PARTS);

/** All that a source can have, and a copy should keep or not. */
export const FULL = {
	ContentType: 'text/a',
	CacheControl: 'no-store',
	ContentDisposition: 'attachment; filename="a"',
	ContentEncoding: 'gzip',
	ContentLanguage: 'de',
	Expires: new Date('2030-01-01T00:00:00Z'),
	Metadata: { one: '1', umlaut: '=?UTF-8?B?w6Q=?=' },
	Tagging: 'a%20b=c%2Bd',
	StorageClass: 'STANDARD_IA' as const,
};

/** Puts “key” with all that a source can have. */
export async function putFull(s3: S3, body: Buffer | string, more: object = {}): Promise<void> {
	await s3.send('PutObject', { Bucket: bucket, Key: 'key', Body: body, ...FULL, ...more }, call);
}

/** The headers that belong to the content of a stored object, and its metadata. */
export function keptHeaders(server: EmbeddedServer, key: string): Record<string, string> {
	const { headers = {} } = server.store.bucket(bucket).get(keyBytes(key)) ?? {};
	return Object.fromEntries(
		Object.entries(headers).filter(
			([name]) => !name.startsWith('x-amz-') || name.startsWith('x-amz-meta-'),
		),
	);
}
