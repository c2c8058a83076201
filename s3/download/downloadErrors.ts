import { failureFrom, nameOf } from '../errors/failureFrom';
import { lengthOf, readContentRange } from '../headers/contentRange';
import { S3Failure } from '../S3Failure';
import type { Download } from './Download';

const OPERATION = 'GetObject';

/** Characters of a Content-Range that are shown. */
const MAX_RANGE = 80;

/** The caller stopped the download. */
export function cancelled({ request: { bucket, key } }: Download): S3Failure {
	const what = `Could not get ${nameOf(bucket, key)}`;
	return S3Failure.cancelled(what, { operation: OPERATION, bucket, key });
}

/** @param position bytes of the body that had arrived */
export function brokenOff(download: Download, position: number, cause: unknown): S3Failure {
	const { size } = download.head;
	const total = size === undefined ? '' : ` of ${size}`;
	return corrupt(download, {
		what: `the download broke off after ${position}${total} bytes`,
		advice:
			'Run it again; if it happens often, look for a proxy or firewall that cuts connections.',
		retryable: true,
		cause,
	});
}

export function replaced(download: Download): S3Failure {
	return corrupt(download, {
		what: 'the object was replaced while it was being read',
		advice: 'Run it again to get the new object.',
		retryable: true,
	});
}

const DAMAGED =
	'Run it again; if that does not help, a proxy changes what it passes on or the object is damaged.';

/** The bytes do not have the checksum of the object. */
export function damaged(download: Download): S3Failure {
	const { checksum } = download.head;
	return corrupt(download, {
		what: `its bytes do not have the ${checksum?.algorithm ?? 'checksum'} that S3 has stored for it`,
		advice: DAMAGED,
		retryable: true,
	});
}

/** The bytes do not have the MD5 that is the ETag of the object. */
export function notTheMd5(download: Download): S3Failure {
	return corrupt(download, {
		what: 'its bytes do not have the MD5 that is its ETag',
		advice: `${DAMAGED} If the ETags of this server are not MD5 hashes, choose Never for Verify ETag.`,
		retryable: true,
	});
}

/** Neither the response nor a HEAD says how many bytes there are. */
export function lengthUnknown(download: Download): S3Failure {
	return corrupt(download, {
		what: 'the server does not say how long it is, so it may have been cut off',
		advice: 'Look for a proxy between n8n and the server that removes the Content-Length header.',
	});
}

/** The response to a request for a range is not a range. */
export function rangeIgnored(download: Download): S3Failure {
	return corrupt(download, {
		what: 'the server ignored the range',
		advice: 'This server cannot read ranges; leave the range empty.',
	});
}

/** The response has other bytes of the object than those that were asked for. */
export function otherRange(download: Download): S3Failure {
	const { input, head } = download;
	const sent = readContentRange(head.contentRange);
	const isCut = sent !== undefined && head.size !== lengthOf(sent);
	const length = isCut ? ` in ${head.size ?? 0} bytes` : '';
	// What is no range could be anything, a secret of the request too.
	const range = sent === undefined ? 'a part' : (head.contentRange ?? '').slice(0, MAX_RANGE);
	return corrupt(download, {
		what: `the server sent ${range}${length} and not ${input.Range ?? 'the whole object'}`,
		advice: 'Look for a cache or proxy between n8n and the server that mixes up responses.',
	});
}

/** A further response does not say of which object it is. */
export function unpinned(download: Download): S3Failure {
	return corrupt(download, {
		what: 'the server sent a range of it without an ETag, so it may be one of another object',
		advice: 'Look for a proxy between n8n and the server that removes the ETag header.',
	});
}

function corrupt(
	{ request: { bucket, key } }: Download,
	details: { what: string; advice: string; retryable?: boolean; cause?: unknown },
): S3Failure {
	const { what, advice, retryable = false, cause } = details;
	const attempt = { operation: OPERATION, phrase: 'get', bucket, key, server: '' };
	return new S3Failure({
		kind: 'corrupt',
		message: `Could not get ${nameOf(bucket, key)}: ${what}`,
		advice,
		retryable,
		operation: OPERATION,
		code: cause === undefined ? undefined : failureFrom(cause, attempt).code,
		bucket,
		key,
		cause,
	});
}
