import type { S3Response, Exchange } from './Exchange';
import { accessDenied, invalidRequest, malformedXml, preconditionFailed, S3Error } from './S3Error';
import { keyBytes } from './store';
import type { Bucket } from './store';
import { may } from './users';
import { responseXml, childrenOf, element, textOf } from './xml';
import type { XmlElement } from './xml';

const MAX_KEYS = 1000;

interface Deletion {
	versionId: string | undefined;
	marker: boolean;
}

export function deleteObject(exchange: Exchange): S3Response {
	const { bucket, key, query, headers } = exchange;
	exchange.allowVersion('s3:DeleteObject');
	const match = headers['if-match'];
	const existing = bucket.get(key);
	if (match !== undefined && existing !== undefined) {
		const holds = match === '*' || match.replace(/"/g, '') === existing.etag;
		if (!holds) throw preconditionFailed('If-Match');
	}
	const { versionId, marker } = remove(bucket, key, query.get('versionId'));
	return {
		status: 204,
		headers: {
			'x-amz-version-id': versionId,
			'x-amz-delete-marker': marker ? 'true' : undefined,
		},
	};
}

/** Removes a version for good, or hides all of them if the bucket keeps versions. */
function remove(bucket: Bucket, key: string, versionId: string | undefined): Deletion {
	if (versionId === undefined && bucket.versioning !== undefined) {
		return { versionId: bucket.putDeleteMarker(key).versionId, marker: true };
	}
	const removed = bucket.remove(key, versionId ?? 'null');
	return { versionId, marker: removed !== undefined && removed.content === undefined };
}

export async function deleteObjects(exchange: Exchange): Promise<S3Response> {
	const { headers, bucket } = exchange;
	const vouched = Object.keys(headers).some((name) =>
		/^content-md5$|^x-amz-checksum-|^x-amz-trailer$/.test(name),
	);
	if (!vouched) {
		throw invalidRequest(
			'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
		);
	}
	const request = await exchange.xml('Delete');
	const objects = childrenOf(request, 'Object');
	if (objects.length === 0 || objects.length > MAX_KEYS) throw malformedXml();
	const quiet = textOf(request, 'Quiet')?.trim() === 'true';
	const results = objects.map((object) => deleteOne(exchange, bucket, object, quiet));
	return { status: 200, xml: responseXml('DeleteResult', ...results) };
}

function deleteOne(
	{ user, bucketName }: Exchange,
	bucket: Bucket,
	object: XmlElement,
	quiet: boolean,
): string {
	const key = textOf(object, 'Key');
	if (key === undefined) throw malformedXml();
	const asked = textOf(object, 'VersionId');
	const ofKey = element('Key', key) + element('VersionId', asked);
	const action = asked === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
	try {
		if (!may(user, action, bucketName, key)) throw accessDenied(user.name, action);
		const { versionId, marker } = remove(bucket, keyBytes(key), asked);
		if (quiet) return '';
		const ofMarker = marker
			? element('DeleteMarker', true) + element('DeleteMarkerVersionId', versionId)
			: '';
		return `<Deleted>${ofKey}${ofMarker}</Deleted>`;
	} catch (error) {
		if (!(error instanceof S3Error)) throw error;
		return `<Error>${ofKey}${element('Code', error.code)}${element('Message', error.message)}</Error>`;
	}
}
