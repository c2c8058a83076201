import type { S3Failure } from '../S3Failure';

/** What a name of a region is made of, also on servers of one's own. */
const REGION = /^[\w-]{1,63}$/;

/**
 * The region in which the server says the bucket is, when it refused for that reason.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
 */
export function regionNamedBy(error: unknown): string | undefined {
	const { $response: response, Region: named } = error as {
		$response?: { statusCode?: number; headers?: Record<string, string | undefined> };
		Region?: unknown;
	};
	if (![301, 307, 400].includes(response?.statusCode ?? 0)) return undefined;
	const region = response?.headers?.['x-amz-bucket-region'] ?? named;
	return typeof region === 'string' && REGION.test(region) ? region : undefined;
}

/** For calls about no bucket a wrong region is no detour but a mistake in the credential. */
export function elsewhere(failure: S3Failure, region: string, right: string): S3Failure {
	return failure.reworded(
		`The server is in region ${right}, but the credential says ${region}`,
		`Choose ${right} as Region in the credential, or enter it as Custom Region.`,
	);
}
