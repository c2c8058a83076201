import { emptyVersionId } from './Exchange';
import type { Exchange, S3Response } from './Exchange';
import { bypassesGovernance, checkLock, checkMfa } from './locks';
import { checkDeleteCondition } from './objectFields';
import { invalidRequest, malformedXml, notImplemented, S3Error } from './S3Error';
import { keyBytes } from './store';
import type { Bucket } from './store';
import { checkKeyLength } from './target';
import { responseXml, childrenOf, element, textOf } from './xml';
import type { XmlElement } from './xml';

const MAX_KEYS = 1000;

/** What is to be deleted. */
interface Asked {
	key: string;
	/** Undefined: the newest, which a delete marker may hide. */
	versionId: string | undefined;
	/** Undefined: unconditionally. */
	match: string | undefined;
}

/** What has been deleted. */
interface Deletion {
	/** Of the version that is gone, or of the new delete marker. */
	versionId: string | undefined;
	marker: boolean;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export function deleteObject(exchange: Exchange): S3Response {
	const { headers, keyText: key, versionId } = exchange;
	refuseDirectoryConditions(Object.keys(headers));
	if (versionId !== undefined) checkMfa(exchange);
	const deletion = remove(exchange, exchange.bucket, {
		key,
		versionId,
		match: headers['if-match'],
	});
	return {
		status: 204,
		headers: {
			'x-amz-version-id': deletion.versionId,
			'x-amz-delete-marker': deletion.marker ? 'true' : undefined,
		},
	};
}

/** Conditions that only directory buckets have. */
const DIRECTORY_CONDITIONS = [
	'x-amz-if-match-last-modified-time',
	'x-amz-if-match-size',
	'LastModifiedTime',
	'Size',
];

function refuseDirectoryConditions(names: readonly string[]): void {
	const found = DIRECTORY_CONDITIONS.find((name) => names.includes(name));
	if (found !== undefined) throw notImplemented({ Header: found });
}

/** Removes a version for good, or hides all of them if the bucket keeps versions. */
function remove(exchange: Exchange, bucket: Bucket, { key, versionId, match }: Asked): Deletion {
	exchange.allow(versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion', key);
	const bypass = bypassesGovernance(exchange, key);
	const bytes = keyBytes(key);
	// S3 compares with the newest version, even if another one is to be deleted.
	if (match !== undefined) {
		if (match !== '*') exchange.allow('s3:GetObject', key);
		checkDeleteCondition(match, bucket.newest(bytes), key);
	}
	if (versionId === undefined && bucket.versioning !== undefined) {
		return { versionId: bucket.putDeleteMarker(bytes).versionId, marker: true };
	}
	const removedId = versionId ?? 'null';
	checkLock(
		bucket.allOf(bytes).find((version) => version.versionId === removedId),
		bypass,
	);
	const removed = bucket.remove(bytes, removedId);
	return { versionId, marker: removed !== undefined && removed.content === undefined };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects(exchange: Exchange): Promise<S3Response> {
	const { bucket } = exchange;
	const verifiable = Object.keys(exchange.headers).some((name) =>
		/^content-md5$|^x-amz-checksum-|^x-amz-trailer$/.test(name),
	);
	if (!verifiable) {
		throw invalidRequest(
			'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
		);
	}
	const { objects, quiet } = readRequest(await exchange.xml('Delete'));
	// S3 refuses the whole request for one version without a code.
	if (objects.some((object) => textOf(object, 'VersionId') !== undefined)) checkMfa(exchange);
	const results = objects.map((object) => deleteOne(exchange, bucket, object, quiet));
	return { status: 200, xml: responseXml('DeleteResult', ...results) };
}

const OBJECT_ELEMENTS = ['Key', 'VersionId', 'ETag', 'LastModifiedTime', 'Size'];

/** The objects of the request, all of which are checked before the first is deleted. */
function readRequest(request: XmlElement): { objects: XmlElement[]; quiet: boolean } {
	const objects = childrenOf(request, 'Object');
	checkElements(request, ['Object', 'Quiet'], ['Object']);
	if (objects.length === 0 || objects.length > MAX_KEYS) throw malformedXml();
	const quiet = (textOf(request, 'Quiet') ?? 'false').trim();
	if (quiet !== 'true' && quiet !== 'false') throw malformedXml();
	for (const object of objects) {
		checkElements(object, OBJECT_ELEMENTS);
		const key = textOf(object, 'Key');
		if (key === undefined) throw malformedXml();
		if (key === '') {
			throw new S3Error(400, 'UserKeyMustBeSpecified', 'User key must be specified.');
		}
	}
	return { objects, quiet: quiet === 'true' };
}

/** @throws S3Error `MalformedXML` for other children than these, and for one that is there twice */
function checkElements(
	{ children, text }: XmlElement,
	known: readonly string[],
	repeatable: readonly string[] = [],
): void {
	if (text.trim() !== '') throw malformedXml();
	const once = children.map(({ name }) => name).filter((name) => !repeatable.includes(name));
	if (new Set(once).size !== once.length || children.some(({ name }) => !known.includes(name))) {
		throw malformedXml();
	}
}

/** The element of the response for one key, which its failure keeps from no other one. */
function deleteOne(exchange: Exchange, bucket: Bucket, object: XmlElement, quiet: boolean): string {
	const key = textOf(object, 'Key') ?? '';
	const versionId = textOf(object, 'VersionId');
	const ofKey = element('Key', key) + element('VersionId', versionId);
	try {
		refuse(exchange, key);
		refuseDirectoryConditions(object.children.map(({ name }) => name));
		checkKeyLength(keyBytes(key));
		if (versionId === '') throw emptyVersionId();
		const deletion = remove(exchange, bucket, { key, versionId, match: textOf(object, 'ETag') });
		if (quiet || isOmitted(exchange, key)) return '';
		const ofMarker = deletion.marker
			? element('DeleteMarker', true) + element('DeleteMarkerVersionId', deletion.versionId)
			: '';
		return `<Deleted>${ofKey}${ofMarker}</Deleted>`;
	} catch (error) {
		if (!(error instanceof S3Error)) throw error;
		return `<Error>${ofKey}${element('Code', error.code)}${element('Message', error.message)}</Error>`;
	}
}

/** @throws S3Error that a test wants for this key */
function refuse({ effects }: Exchange, key: string): void {
	for (const effect of effects) {
		if (effect.kind !== 'refuseKeys' || !effect.keys.includes(key)) continue;
		throw new S3Error(500, effect.code, 'Injected by a test');
	}
}

/** Whether a test wants the response to say nothing of this key. */
const isOmitted = ({ effects }: Exchange, key: string): boolean =>
	effects.some((effect) => effect.kind === 'omitKeys' && effect.keys.includes(key));
