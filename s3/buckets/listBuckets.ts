import type { Call } from '../Call';
import { CALLS } from '../calls/calls';
import type { S3 } from '../client/S3';
import { notOfS3 } from '../errors/failureFrom';
import { PageProgress } from '../PageProgress';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';

export interface ListedBucket {
	bucket: string;
	/** ISO 8601. */
	creationDate: string | undefined;
	/** Undefined if the server does not name it. */
	region: string | undefined;
}

/** Buckets on a page at most. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
const MAX_BUCKETS = 1000;

/**
 * Lists the buckets of the account in pages, as many as asked for.
 * @param request.prefix what the names of the buckets begin with
 * @param request.limit buckets at most; undefined: all
 * @throws S3Failure
 */
export async function* listBuckets(
	s3: S3,
	request: { prefix?: string | undefined; limit?: number | undefined },
	call: Call,
): AsyncGenerator<ListedBucket[], void, void> {
	const prefix = request.prefix ?? '';
	const isAws = s3.connection.endpoint === undefined;
	let left = request.limit ?? Infinity;
	const progress = new PageProgress();
	let continuationToken: string | undefined;
	do {
		const response = await s3.send(
			'ListBuckets',
			{
				// With these AWS sends pages and names regions; of other servers some refuse them, and all send all.
				MaxBuckets: isAws ? MAX_BUCKETS : undefined,
				Prefix: prefix === '' || !isAws ? undefined : prefix,
				ContinuationToken: continuationToken,
			},
			call,
		);
		// The SDK reads a response that is no list, such as a web page, as an empty one.
		if (response.Buckets === undefined && response.Owner === undefined) throw notAList(s3);
		checkProgress(response, continuationToken, progress);
		const buckets = (response.Buckets ?? [])
			.filter(({ Name: name = '' }) => name.startsWith(prefix))
			.slice(0, left)
			.map(({ Name: bucket = '', CreationDate: created, BucketRegion: region }) => ({
				bucket,
				creationDate: created?.toISOString(),
				region,
			}));
		left -= buckets.length;
		yield buckets;
		continuationToken = response.ContinuationToken;
	} while (continuationToken !== undefined && continuationToken !== '' && left > 0);
}

/** @throws S3Failure if the server gives pages for ever */
function checkProgress(
	{ Buckets: buckets = [], ContinuationToken: next }: Calls['ListBuckets']['output'],
	previous: string | undefined,
	progress: PageProgress,
): void {
	const names = buckets.map(({ Name: name = '' }) => name);
	const isSameToken = next !== undefined && next === previous;
	if (!isSameToken && !progress.hasStalled(names.length) && !progress.isRepeated(names)) return;
	throw S3Failure.corrupt(
		'Could not list the buckets to their end: the server sends the same pages, or empty ones, without end',
		'This server does not page ListBuckets as S3 does; enter the name of the bucket instead.',
		{ operation: 'ListBuckets' },
	);
}

function notAList({ connection }: S3): S3Failure {
	const server = connection.endpoint ?? 'Amazon S3';
	return notOfS3(200, { operation: 'ListBuckets', phrase: CALLS.ListBuckets.phrase, server });
}
