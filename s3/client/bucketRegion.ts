import type { CallName } from '../calls/calls';
import type { Connection } from '../Connection';
import { LruMap } from '../LruMap';
import { S3Failure } from '../S3Failure';

const MAX_BUCKETS = 10_000;

const REDIRECTS = [301, 307, 400];
/** To who may not look at a bucket, S3 still says where it is. */
const DENIED = 403;

/** What a name of a region is made of, also on servers of one's own. */
const REGION = /^[\w-]{1,63}$/;

/**
 * The region in which the server says the bucket is, when it refused a call for that reason.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export function regionNamedBy(error: unknown, call: CallName): string | undefined {
	const { $response: response, Region: named } = error as {
		$response?: { statusCode?: number; headers?: Record<string, string | undefined> };
		Region?: unknown;
	};
	const { statusCode = 0 } = response ?? {};
	const isNamed =
		REDIRECTS.includes(statusCode) || (call === 'HeadBucket' && statusCode === DENIED);
	if (!isNamed) return undefined;
	const region = response?.headers?.['x-amz-bucket-region'] ?? named;
	return typeof region === 'string' && REGION.test(region) ? region : undefined;
}

/** What is known of the regions of buckets. */
export class BucketRegions {
	/** Of buckets that are not in the region of the connection. */
	private readonly elsewhere = new LruMap<string, string>(MAX_BUCKETS);
	/** Whether the server said where a bucket is when it was asked. */
	private readonly asked = new LruMap<string, Promise<boolean>>(MAX_BUCKETS);

	constructor(private readonly connection: Connection) {}

	/** The region to ask for a bucket; without a bucket that of the connection. */
	of(bucket: string | undefined): string {
		const found = bucket === undefined ? undefined : this.elsewhere.get(bucket);
		return found ?? this.connection.region;
	}

	learn(bucket: string, region: string): void {
		this.elsewhere.set(bucket, region);
	}

	/**
	 * Whether the region of a bucket is certain, after asking for it once: an endpoint has only its own region,
	 * and an ARN names it.
	 * @param ask sends a call about the bucket, so that the response tells where it is
	 */
	async isCertain(bucket: string, ask: () => Promise<unknown>): Promise<boolean> {
		if (this.connection.endpoint !== undefined || bucket.startsWith('arn:')) return true;
		const asked = this.asked.get(bucket) ?? isTold(ask);
		this.asked.set(bucket, asked);
		const certain = await asked;
		if (!certain) this.asked.delete(bucket);
		return certain;
	}
}

async function isTold(ask: () => Promise<unknown>): Promise<boolean> {
	try {
		await ask();
		return true;
	} catch (error) {
		// To who may not look at the bucket its region is named all the same.
		return error instanceof S3Failure && error.kind === 'denied';
	}
}

/** For calls about no bucket a wrong region is no detour but a mistake in the credential. */
export function wrongRegion(failure: S3Failure, region: string, right: string): S3Failure {
	return failure.reworded(
		`The server is in region ${right}, but the credential says ${region}`,
		`Choose ${right} as Region in the credential, or enter it as Custom Region (More Settings).`,
	);
}
