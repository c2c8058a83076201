import type { Call, S3 } from './client';
import { bareEtag, requesterHeaders } from './objectHeaders';
import type { Calls } from './sdk';

export interface ListedObject {
	bucket: string;
	/** Exactly as stored. */
	key: string;
	/** Bytes. */
	size: number;
	/** Without quotes. */
	etag: string | undefined;
	/** ISO 8601. */
	lastModified: string | undefined;
	storageClass: string | undefined;
	/** Only where it was asked for. */
	owner?: { id: string | undefined; displayName: string | undefined };
}

/** A common prefix: all keys that share it up to the delimiter. */
export interface ListedPrefix {
	bucket: string;
	prefix: string;
}

export interface PageRequest {
	bucket: string;
	prefix: string | undefined;
	delimiter: string | undefined;
	startAfter: string | undefined;
	continuationToken: string | undefined;
	/** Entries, 1 to 1,000. */
	maxKeys: number;
	fetchOwner: boolean | undefined;
	requestPayer: boolean | undefined;
	expectedBucketOwner: string | undefined;
}

export interface Page {
	/** Objects and common prefixes together in S3's order. */
	entries: (ListedObject | ListedPrefix)[];
	truncated: boolean;
	nextToken: string | undefined;
}

/**
 * One request for one page of a listing.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function listPage(s3: S3, request: PageRequest, call: Call): Promise<Page> {
	const { bucket, prefix, delimiter } = request;
	const answer = await s3.send(
		'ListObjectsV2',
		{
			Bucket: bucket,
			Prefix: prefix === '' ? undefined : prefix,
			Delimiter: delimiter === '' ? undefined : delimiter,
			StartAfter: request.startAfter === '' ? undefined : request.startAfter,
			ContinuationToken: request.continuationToken,
			MaxKeys: request.maxKeys,
			FetchOwner: request.fetchOwner === true ? true : undefined,
			// XML cannot carry every character of a key.
			EncodingType: 'url',
			...requesterHeaders(request),
		},
		call,
	);
	const decode = answer.EncodingType === 'url' ? decodeKey : (key: string) => key;
	const objects = (answer.Contents ?? []).map((object) => objectOf(bucket, object, decode));
	const prefixes = (answer.CommonPrefixes ?? []).map((common) => ({
		bucket,
		prefix: decode(common.Prefix ?? ''),
	}));
	return {
		entries: merged(objects, prefixes),
		truncated: answer.IsTruncated === true,
		nextToken: answer.NextContinuationToken,
	};
}

type AnswerObject = NonNullable<Calls['ListObjectsV2']['output']['Contents']>[number];

function objectOf(
	bucket: string,
	object: AnswerObject,
	decode: (key: string) => string,
): ListedObject {
	const listed: ListedObject = {
		bucket,
		key: decode(object.Key ?? ''),
		size: object.Size ?? 0,
		etag: bareEtag(object.ETag),
		lastModified: object.LastModified?.toISOString(),
		storageClass: object.StorageClass,
	};
	if (object.Owner !== undefined) {
		listed.owner = { id: object.Owner.ID, displayName: object.Owner.DisplayName };
	}
	return listed;
}

/** `encoding-type=url` writes a space as `+`, and some servers a slash as `%2F`. */
const decodeKey = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));

/** S3 returns objects and common prefixes apart, each in UTF-8 order. */
function merged(objects: ListedObject[], prefixes: ListedPrefix[]): Page['entries'] {
	if (prefixes.length === 0) return objects;
	const entries: Page['entries'] = [...objects, ...prefixes];
	const named = entries.map((entry) => ({
		entry,
		name: Buffer.from('key' in entry ? entry.key : entry.prefix),
	}));
	return named.sort((a, b) => Buffer.compare(a.name, b.name)).map(({ entry }) => entry);
}
