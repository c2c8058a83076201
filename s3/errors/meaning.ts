import { adviceOnDenial, reasonIn } from './denial';
import {
	ACCESS_DENIED,
	DELETE_MARKER,
	explanationOf,
	NOT_THE_BUCKET,
	SERVER_FAILED,
} from './errorCodes';
import type { Explanation } from './errorCodes';
import { explanationOfStatus } from './errorStatuses';
import { adviceOnKey } from './unusualKey';
import type { Permission } from '../calls/calls';

/** What S3 refuses to do with a delete marker with. */
const METHOD_NOT_ALLOWED = 405;

const UNDELETE = 'It was deleted, and the bucket keeps its versions: Undelete brings it back.';

/**
 * AWS says no more of it than of any other denial.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
 */
const OWN_KEYS_BLOCKED =
	'Since April 2026 new buckets refuse objects under a customer key (SSE-C): their owner allows them with BlockedEncryptionTypes set to NONE in the encryption of the bucket. Or choose another Encryption.';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl */
const ACLS = [
	...['private', 'public-read', 'public-read-write', 'authenticated-read'],
	...['aws-exec-read', 'bucket-owner-read', 'bucket-owner-full-control'],
];

/** A key that is not that of the object is refused with no more words than any other denial. */
const OR_ANOTHER_KEY =
	'Or the object is encrypted with another customer key (SSE-C) than the one that is entered.';

/** What a server responds with if it does not do what was asked. */
export interface Refusal {
	/** HTTP status; undefined for an error inside of a successful response. */
	readonly status: number | undefined;
	readonly code: string | undefined;
	/** The server's own words. */
	readonly said: string | undefined;
	/** The header with the URL of a redirect. */
	readonly location: string | undefined;
	/** Whether the newest version of the object is a delete marker. */
	readonly isDeleted?: boolean;
}

export interface Asked {
	readonly bucket: string | undefined;
	readonly key: string | undefined;
	/** The version that was to be read or given tags. */
	readonly versionId: string | undefined;
	/** What it had a customer's own key for. */
	readonly ownKey?: 'toRead' | 'toStore' | undefined;
	/** The canned ACL that it was to give. */
	readonly acl?: string | undefined;
	/** URL of a server that is not AWS. */
	readonly endpoint: URL | undefined;
	/** Whether S3 would have named a code. */
	readonly hasBody: boolean;
	/** The permissions for it; only asked for when one is missing. */
	readonly needed: () => readonly Permission[];
	/** As ARNs name the part of AWS. */
	readonly partition: string | undefined;
}

const NO_SUCH_BUCKET = explanationOf('NoSuchBucket');

/** What can be wrong beside the secret key where the server is not one of AWS. */
export const OR_A_PROXY =
	'If it is right, a proxy in front of the server may change requests: it has to pass on the Host header, path and query as they are.';

/** What a refusal means to a person who has asked for that. */
export function meaningOf(refusal: Refusal, asked: Asked): Explanation & { words: string } {
	const explanation = explanationFor(refusal, asked);
	const origin = redirectOf(refusal, asked);
	if (origin !== undefined) {
		return {
			...explanation,
			words: `the server redirects to ${origin}`,
			advice: `If that is your server, enter ${origin} as Endpoint in the credential.`,
		};
	}
	return {
		...explanation,
		words: wordsFor(refusal, explanation),
		advice: adviceFor(refusal, asked, explanation),
	};
}

function explanationFor({ code, status }: Refusal, { key, versionId }: Asked): Explanation {
	if (status === METHOD_NOT_ALLOWED && versionId !== undefined) return DELETE_MARKER;
	if (code === 'NoSuchKey' && key === undefined) return NOT_THE_BUCKET;
	// What the SDK calls every 404 to a HEAD.
	if (code === 'NotFound' && key === undefined) return NO_SUCH_BUCKET ?? NOT_THE_BUCKET;
	const known = code === undefined ? undefined : explanationOf(code);
	// A server that has failed says so with 5xx; what a gateway refuses in its name fails again.
	const contradicts =
		known === SERVER_FAILED && status !== undefined && status >= 400 && status < 500;
	return known === undefined || contradicts ? explanationOfStatus(status ?? 400) : known;
}

/** Another origin that a server of one's own redirects to; the rest of the URL may hold a signature. */
function redirectOf({ status = 0, location }: Refusal, { endpoint }: Asked): string | undefined {
	if (status < 300 || status >= 400 || location === undefined || endpoint === undefined) {
		return undefined;
	}
	if (!URL.canParse(location, endpoint.href)) return undefined;
	const { origin } = new URL(location, endpoint);
	return origin === endpoint.origin || !/^https?:/.test(origin) ? undefined : origin;
}

function wordsFor({ code, said, status }: Refusal, explanation: Explanation): string {
	const known = [code && explanationOf(code), NO_SUCH_BUCKET, NOT_THE_BUCKET, DELETE_MARKER];
	const isKnown = code === undefined || known.includes(explanation);
	if (explanation === ACCESS_DENIED && isKnown) {
		const reason = reasonIn(said);
		return reason === undefined ? 'access denied' : `access denied: ${reason}`;
	}
	const own = isKnown ? undefined : said;
	const ours = isKnown ? explanation.words : undefined;
	return own ?? ours ?? said ?? code ?? `status ${String(status)}`;
}

function adviceFor(refusal: Refusal, asked: Asked, explanation: Explanation): string {
	const { code, said, isDeleted } = refusal;
	const { bucket, key, endpoint, hasBody, ownKey, acl, needed, partition } = asked;
	if (explanation === ACCESS_DENIED) {
		const isOfS3 = code !== undefined || !hasBody;
		const advice = adviceOnDenial({ said, isOfS3, needed: needed(), partition });
		if (ownKey === 'toRead') return `${advice} ${OR_ANOTHER_KEY}`;
		return ownKey === 'toStore' && endpoint === undefined
			? `${advice} ${OWN_KEYS_BLOCKED}`
			: advice;
	}
	if (explanation === explanationOf('NoSuchKey') && key !== undefined) {
		return isDeleted === true ? UNDELETE : (adviceOnKey(key, bucket) ?? explanation.advice);
	}
	if (explanation === explanationOf('SignatureDoesNotMatch') && endpoint !== undefined) {
		return `${explanation.advice} ${OR_A_PROXY}`;
	}
	if (code === 'InvalidArgument' && acl !== undefined && !ACLS.includes(acl)) {
		return `Choose one of ${ACLS.join(', ')} for ACL.`;
	}
	return explanation.advice;
}
