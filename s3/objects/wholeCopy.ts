/** Whether an object that is there has all that a copy gives: its source may be deleted for it. */
import { isDeepStrictEqual } from 'node:util';
import type { Call } from '../Call';
import { carriedDisposition } from '../headers/contentDisposition';
import { decodeMetadata, encodeMetadata } from '../headers/metadata';
import type { ObjectHead } from '../headers/objectHead';
import { classOf } from '../headers/storageClass';
import { S3Failure } from '../S3Failure';
import { encodingOf } from '../write/objectHeaders';
import type { WriteRequest } from '../write/WriteRequest';
import type { CopyPlan } from './CopyRequest';
import { tagsOfCopy } from './copyTags';
import { getTags } from './tags';

/**
 * Whether an object has the content headers and metadata that a copy is to have, and the class, encryption, lock and
 * redirect that are asked for. An ACL does not show, so that nothing counts as a copy with one.
 */
export function hasAllOf(
	{ request, head }: CopyPlan,
	write: WriteRequest,
	found: ObjectHead,
): boolean {
	const given = request.metadataDirective === 'keep' ? head : writtenHead(write);
	// S3 chooses a type if none is given.
	const kept = { ...given, contentType: given.contentType ?? found.contentType };
	return (
		isDeepStrictEqual(contentOf(kept), contentOf(found)) &&
		(write.storageClass ?? classOf(found)) === classOf(found) &&
		hasEncryption(write, found) &&
		hasLock(write, found) &&
		write.websiteRedirectLocation === found.websiteRedirectLocation &&
		write.acl === undefined
	);
}

/** What is compared of the content of two objects, besides their bytes. */
type ContentHead = Pick<
	ObjectHead,
	| 'contentType'
	| 'cacheControl'
	| 'contentDisposition'
	| 'contentEncoding'
	| 'contentLanguage'
	| 'expires'
	| 'metadata'
>;

const writtenHead = (write: WriteRequest): ContentHead => ({
	contentType: write.contentType,
	cacheControl: write.cacheControl,
	contentDisposition: write.contentDisposition,
	contentEncoding: write.contentEncoding,
	contentLanguage: write.contentLanguage,
	expires: write.expires?.toUTCString(),
	metadata: decodeMetadata(encodeMetadata(write.metadata)),
});

/** As a copy in parts sends them: some are written in another way than they were stored. */
const contentOf = (head: ContentHead) => ({
	contentType: head.contentType,
	cacheControl: head.cacheControl,
	contentDisposition: carriedDisposition(head.contentDisposition),
	contentEncoding: encodingOf(head),
	contentLanguage: head.contentLanguage,
	expires: timeOf(head.expires) ?? head.expires,
	metadata: head.metadata,
});

/** Seconds, which is all that headers have of a time; undefined if it is none. */
function timeOf(date: string | undefined): number | undefined {
	const time = Date.parse(date ?? '');
	return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

const ENCRYPTIONS = { s3: 'AES256', customer: 'AES256', kms: 'aws:kms', kmsDsse: 'aws:kms:dsse' };

/** S3 names a KMS key by its ARN, also if an ID was given; which key has an alias it does not say. */
function hasEncryption({ encryption }: WriteRequest, found: ObjectHead): boolean {
	if (encryption === undefined) return true;
	if (found.encryption !== ENCRYPTIONS[encryption.kind]) return false;
	const keyId = 'keyId' in encryption ? encryption.keyId : undefined;
	if (keyId === undefined) return true;
	return found.kmsKeyId === keyId || found.kmsKeyId?.endsWith(`:key/${keyId}`) === true;
}

function hasLock({ objectLock = {} }: WriteRequest, found: ObjectHead): boolean {
	const { mode, retainUntil, legalHold } = objectLock;
	return (
		(mode === undefined || mode === found.objectLockMode) &&
		(retainUntil === undefined ||
			timeOf(retainUntil.toISOString()) === timeOf(found.objectLockRetainUntil)) &&
		(legalHold === undefined || legalHold === (found.objectLockLegalHold ?? false))
	);
}

/**
 * Whether an object has the tags that a copy is to have.
 * @returns undefined if that cannot be told, such as without the permission to read them
 */
export async function hasTagsOf(
	plan: CopyPlan,
	found: ObjectHead,
	call: Call,
): Promise<boolean | undefined> {
	const { target, request } = plan;
	try {
		const wanted = await tagsOfCopy(plan, call);
		if (Object.keys(wanted).length === 0) return true;
		const { tags, versionId: tagged } = await getTags(target, request, call);
		// Not every server names the version with the tags.
		if ((tagged ?? found.versionId) !== found.versionId) return undefined;
		return isDeepStrictEqual(tags, wanted);
	} catch (error) {
		if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
		return undefined;
	}
}
