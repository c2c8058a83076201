/** Objects with all that they can have, and what is left of them. */
import type { S3 } from '../../../s3/client/S3';
import type { S3Failure } from '../../../s3/S3Failure';
import { keyBytes } from '../../servers/embedded/store';
import type { Bucket, Version } from '../../servers/embedded/store';
import { call } from './objectServer';

const HEADERS = {
	ContentType: 'text/a',
	CacheControl: 'no-store',
	Metadata: { one: '1' },
	Tagging: 'a=b&c=d',
	ChecksumAlgorithm: 'CRC32' as const,
};

/** Puts an object with headers, metadata, tags and a checksum, and gives it to be put elsewhere without a request. */
export async function wholeObject(s3: S3, bucket: Bucket, body: Buffer | string): Promise<Version> {
	const input = { Bucket: bucket.name, Key: 'whole', Body: body, ...HEADERS };
	await s3.send('PutObject', input, call);
	return bucket.get(keyBytes('whole'))!;
}

/** The bytes of a version; none of a delete marker. */
export const bytesOf = (version: Version | undefined): Buffer =>
	Buffer.concat((version?.content?.pieces ?? []).filter((piece) => Buffer.isBuffer(piece)));

/** What is wrong with an object that should be like another one, apart from its bytes; undefined is nothing. */
export function differenceOf(found: Version | undefined, wanted: Version): string | undefined {
	if (found?.content === undefined) return 'is not there';
	const kept = ({ headers }: Version) =>
		['content-type', 'cache-control', 'x-amz-meta-one'].map((name) => headers[name]).join();
	if (kept(found) !== kept(wanted)) return 'has other headers';
	const tags = (version: Version) => JSON.stringify(Object.entries(version.tags).sort());
	return tags(found) === tags(wanted) ? undefined : 'has other tags';
}

/** What is wrong with an object that should be another one. */
export function wrongOf(found: Version | undefined, wanted: Version): string | undefined {
	const difference = differenceOf(found, wanted);
	if (found?.content === undefined || bytesOf(found).equals(bytesOf(wanted))) return difference;
	return 'has other bytes';
}

export const objectIn = (bucket: Bucket | undefined, key: string): Version | undefined =>
	bucket?.get(keyBytes(key));

/** Whether a failure names the tags of `wholeObject`: nobody could find them out once they are lost. */
export const namesTags = (failure: S3Failure | undefined): boolean =>
	failure?.advice.includes('{"a":"b","c":"d"}') === true;
