import type { Call } from '../Call';
import { storedChecksum } from '../checksums/stored';
import type { StoredChecksum } from '../checksums/stored';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { bareEtag } from '../headers/etag';
import { PageProgress } from '../PageProgress';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { isMissing, markMissing, saysMissing } from './missingCalls';

const OPERATION = 'GetObjectAttributes';
/** A response without a size is none: the server has ignored what was asked, and sent an object that is XML. */
const ATTRIBUTES = ['Checksum', 'ETag', 'ObjectParts', 'ObjectSize'] as const;

/** Parts of an object at most. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PARTS = 10_000;

type Input = Omit<Calls[typeof OPERATION]['input'], 'ObjectAttributes' | 'PartNumberMarker'>;
type Page = Calls[typeof OPERATION]['output'];
type PageOfParts = NonNullable<Page['ObjectParts']>;

/** One part of an object that was uploaded in parts with a checksum. */
interface ObjectPart {
	partNumber: number | undefined;
	/** Bytes. */
	size: number | undefined;
	checksum: StoredChecksum | undefined;
}

/** What S3 keeps of an object besides its headers. */
export interface ObjectAttributes {
	checksum: StoredChecksum | undefined;
	/** How many parts it was uploaded in; undefined for one that was not. */
	partsCount: number | undefined;
	/** S3 has them only of uploads with a composite checksum. */
	parts: ObjectPart[];
}

/**
 * Reads the checksum and the parts of an object, 1,000 parts with each request.
 * @param etag of the object that is meant, without quotes
 * @returns undefined if the server does not have the call; AWS does
 * @throws S3Failure, that of `replaced` if there is another object now
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
 */
export async function readAttributes(
	s3: S3,
	input: Input,
	etag: string | undefined,
	call: Call,
): Promise<ObjectAttributes | undefined> {
	if (isMissing(s3, OPERATION)) return undefined;
	try {
		return await readPages(s3, input, etag, call);
	} catch (error) {
		if (s3.connection.endpoint === undefined || !(error instanceof S3Failure)) throw error;
		if (saysMissing(s3, error) || error.kind === 'corrupt') markMissing(s3, OPERATION);
		// Some refuse the headers or the query that they do not know, in words of their own.
		else if (error.kind !== 'rejected') throw error;
		return undefined;
	}
}

async function readPages(
	s3: S3,
	input: Input,
	etag: string | undefined,
	call: Call,
): Promise<ObjectAttributes> {
	const parts: ObjectPart[] = [];
	const progress = new PageProgress();
	let marker: string | undefined;
	for (;;) {
		const asked = { ...input, ObjectAttributes: [...ATTRIBUTES], PartNumberMarker: marker };
		const page = await s3.send(OPERATION, asked, call);
		if (page.ObjectSize === undefined) throw unreadable(input, 'it has no size');
		if (etag !== undefined && (bareEtag(page.ETag) ?? etag) !== etag) throw replaced(input);
		parts.push(...(page.ObjectParts?.Parts ?? []).map(partOf));
		if (page.ObjectParts?.IsTruncated !== true) return attributesOf(page, parts);
		const hasStalled = progress.hasStalled(page.ObjectParts.Parts?.length ?? 0);
		if (hasStalled || parts.length > MAX_PARTS)
			throw unreadable(input, 'its list of parts never ends');
		marker = markerAfter(input, page.ObjectParts, marker);
	}
}

const attributesOf = (page: Page, parts: ObjectPart[]): ObjectAttributes => ({
	checksum: storedChecksum(page.Checksum ?? {}),
	partsCount: page.ObjectParts?.TotalPartsCount,
	parts,
});

const partOf = (part: NonNullable<PageOfParts['Parts']>[number]): ObjectPart => ({
	partNumber: part.PartNumber,
	size: part.Size,
	checksum: storedChecksum(part),
});

/** @throws S3Failure if the list of parts would begin anew, or never end */
function markerAfter(input: Input, page: PageOfParts, last = '0'): string {
	const { NextPartNumberMarker: next = '' } = page;
	if (Number(next) > Number(last)) return next;
	throw unreadable(input, 'it does not say where the list of parts goes on');
}

/** The failure of a request that was to tell more of an object, but found another one. */
export function replaced({ Bucket: bucket, Key: key }: Pick<Input, 'Bucket' | 'Key'>): S3Failure {
	return new S3Failure({
		kind: 'precondition',
		message: `Could not get the metadata of ${nameOf(bucket, key)}: the object was replaced meanwhile`,
		advice: 'Run it again.',
		retryable: true,
		bucket,
		key,
	});
}

function unreadable({ Bucket: bucket, Key: key }: Input, why: string): S3Failure {
	return S3Failure.corrupt(
		`Could not get the attributes of ${nameOf(bucket, key)}: the response is not as S3 makes it, ${why}`,
		'Run it again without the option Attributes.',
		{ operation: OPERATION, bucket, key },
	);
}
