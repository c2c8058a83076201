import { adviceOnHalf, hasHalf, withoutHalves } from '../errors/halfCharacter';
import { S3Failure } from '../S3Failure';

/** Bytes of a key in UTF-8. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;
/** Characters of a bucket: old ones have up to 255, ARNs of access points are shorter. */
const MAX_BUCKET = 255;
/** Of a longer bucket or key so much is shown. */
const SHOWN = 40;

/** What stands before the name of a bucket in its ARN, and in a URI of S3. */
const BEFORE_NAME = /^(?:arn:aws[\w-]*:s3:::|s3:\/\/)/i;

/**
 * The name of a bucket that people enter as the console, policies and command lines show it: `arn:aws:s3:::name`,
 * `arn:aws:s3:::name/*`, `s3://name` or `s3://name/`. ARNs of access points stay as they are, and so does what is no
 * bucket alone.
 */
export function bucketNameOf(entered: string): string {
	if (!BEFORE_NAME.test(entered)) return entered;
	return /^([^/]+)(?:\/\*?)?$/.exec(entered.replace(BEFORE_NAME, ''))?.[1] ?? entered;
}

/** @throws S3Failure of kind `invalid` where no bucket is named, or something else instead of a bucket. */
export function checkBucket(bucket: string | undefined): void {
	if (bucket === undefined || bucket === '') {
		throw S3Failure.invalid(
			'No bucket is given',
			'Choose or type a bucket in the node, or set one in the credential.',
		);
	}
	if (/\{\{.*\}\}/s.test(bucket)) {
		throw S3Failure.invalid(
			`“${withoutHalves(bucket.slice(0, SHOWN))}” is not a bucket name but an expression that was not evaluated`,
			'Switch the field from Fixed to Expression.',
		);
	}
	if (bucket.length > MAX_BUCKET) {
		throw S3Failure.invalid(
			`The bucket name “${withoutHalves(bucket.slice(0, SHOWN))}…” has ${bucket.length} characters; no bucket has more than ${MAX_BUCKET}`,
			'Enter the name of the bucket alone.',
		);
	}
	if (bucket.includes('/') && (BEFORE_NAME.test(bucket) || !bucket.startsWith('arn:'))) {
		throw S3Failure.invalid(
			`“${bucket}” is not a bucket name, it contains a slash`,
			adviceOnPath(bucket),
			{ bucket },
		);
	}
}

/** What to enter instead of a URL or path that people paste as a bucket. */
function adviceOnPath(entered: string): string {
	const path = bucketAndRest(entered);
	const [bucket = '', ...keys] = path.split('/');
	if (/^\.*$/.test(bucket))
		return 'Enter only the name of the bucket here, and the rest as key or prefix.';
	const key = keys.join('/');
	return `Enter “${bucket}” as the bucket${key === '' ? '' : `, and “${key}” as key or prefix`}.`;
}

/** The bucket, a slash and the key in an ARN, a URI of S3, a URL of its API or console, or a path. */
function bucketAndRest(entered: string): string {
	const url = /^https?:\/\/([^/]*)\/*([^?#]*)/i.exec(entered);
	if (url === null) return entered.replace(BEFORE_NAME, '');
	const [, host = '', path = ''] = url;
	// What follows the bucket in MinIO's console is encoded, in one way or another from release to release.
	const [, inBrowser] = /^browser\/([^/]+)/.exec(path) ?? [];
	if (inBrowser !== undefined) return inBrowser;
	const [bucketInHost] = /^.+?(?=\.s3[.-])/i.exec(host) ?? [];
	return bucketInHost === undefined
		? path.replace(/^s3\/(buckets|object)\//, '')
		: `${bucketInHost}/${path}`;
}

/** @throws S3Failure of kind `invalid` where S3 could not store an object under this key. */
export function checkKey(key: string, bucket: string | undefined): void {
	const invalid = (message: string, advice: string) =>
		S3Failure.invalid(message, advice, { bucket, key });
	if (key === '') {
		throw invalid(
			`The key is empty (bucket “${bucket ?? ''}”)`,
			'Enter the key of the object, e.g. reports/2026/january.csv.',
		);
	}
	if (hasHalf(key)) {
		throw invalid(
			`The key “${withoutHalves(key)}” for bucket “${bucket ?? ''}” contains half of a character and is not valid Unicode`,
			adviceOnHalf('key'),
		);
	}
	const bytes = Buffer.byteLength(key);
	if (bytes > MAX_KEY_BYTES) {
		throw invalid(
			`The key “${withoutHalves(key.slice(0, SHOWN))}…” for bucket “${bucket ?? ''}” has ${bytes} bytes; S3 allows 1,024 in UTF-8`,
			'Use a shorter key.',
		);
	}
}
