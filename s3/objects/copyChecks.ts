import { isDeepStrictEqual } from 'node:util';
import type { Connection } from '../Connection';
import { nameOf } from '../errors/failureFrom';
import { partitionOf } from '../partitions';
import { checkAcl, checkCopyTo } from '../policy/privacyLevel';
import { checkReadOnly } from '../policy/readOnly';
import { checkTarget } from '../policy/target';
import { S3Failure } from '../S3Failure';
import type { CopyConnections, CopyRequest } from './CopyRequest';

/** What only a copy with new metadata takes. */
const CONTENT_HEADERS = [
	'contentType',
	'contentDisposition',
	'contentEncoding',
	'contentLanguage',
	'cacheControl',
	'expires',
	'metadata',
] as const;

/**
 * Refuses, before any request, what is wrong with a copy or what one of the connections forbids.
 * @throws S3Failure of kind `invalid` or `refused`
 */
export function checkCopy({ source, target }: CopyConnections, request: CopyRequest): void {
	const { bucket, key } = request;
	checkTarget(source.connection, request.source);
	checkTarget(target.connection, { bucket, key });
	checkReadOnly(target.connection, 'CopyObject', { bucket, key });
	checkAcl(target.connection, request.acl, { bucket, key });
	if (source !== target) checkCopyTo(source.connection, target.connection, request.source);
	checkTargetKeys({ source, target }, request);
	checkDirectives(request);
	const isItself = isSameObject({ source, target }, request);
	if (isItself && request.source.versionId === undefined && !changesSomething(request)) {
		throw S3Failure.invalid(
			`Could not copy ${nameOf(bucket, key)} onto itself: nothing would change`,
			'Copy it to another key, or change its metadata, storage class or encryption. Set Tags changes tags alone.',
			{ bucket, key },
		);
	}
}

/** Whether a copy would have the bucket and key of its source, on the same server. */
export function isSameObject(connections: CopyConnections, request: CopyRequest): boolean {
	const { source, bucket, key } = request;
	const { source: from, target: to } = connections;
	return (
		isSameServer(from.connection, to.connection) && source.bucket === bucket && source.key === key
	);
}

/**
 * Whether the server can copy by itself: the keys of the target must reach the source, too, as equal ones do and others
 * may, and its connection must allow it.
 */
export function mayCopyOnServer(
	{ source, target }: CopyConnections,
	{ source: { bucket }, withTargetKeys = false }: Pick<CopyRequest, 'source' | 'withTargetKeys'>,
): boolean {
	if (source === target) return true;
	const [from, to] = [source.connection, target.connection];
	const mayRead = !to.bucketOnly || to.bucket === bucket;
	const hasKeys = withTargetKeys || isDeepStrictEqual(from.identity, to.identity);
	return mayRead && isSameServer(from, to) && hasKeys;
}

/** The keys of the target are used on the source only on its own server, and where their connection may read it. */
function checkTargetKeys({ source, target }: CopyConnections, request: CopyRequest): void {
	if (source === target || request.withTargetKeys !== true) return;
	if (!isSameServer(source.connection, target.connection)) {
		const { bucket, key } = request;
		throw S3Failure.invalid(
			`Could not copy to ${nameOf(bucket, key)}: the server of the target does not have the source, so it cannot copy it by itself`,
			'Switch Copy On the Server off, or enter the same Endpoint in both credentials.',
			{ bucket, key },
		);
	}
	try {
		checkTarget(target.connection, request.source);
	} catch (error) {
		if (!(error instanceof S3Failure)) throw error;
		throw error.reworded(
			error.message,
			`With Copy On the Server the second credential reads the source, too: switch the option off. ${error.advice}`,
		);
	}
}

/** All regions of a partition of AWS are one server. */
function isSameServer(a: Connection, b: Connection): boolean {
	if (a.endpoint !== undefined || b.endpoint !== undefined) return a.endpoint === b.endpoint;
	return partitionOf(a.region)?.dnsSuffix === partitionOf(b.region)?.dnsSuffix;
}

/** What S3 takes for a change; new tags alone are none. */
function changesSomething(request: CopyRequest): boolean {
	const { metadataDirective, storageClass, encryption } = request;
	return metadataDirective === 'replace' || storageClass !== undefined || encryption !== undefined;
}

/** What would be ignored is refused. */
function checkDirectives(request: CopyRequest): void {
	const { bucket, key } = request;
	const given = CONTENT_HEADERS.some((name) => request[name] !== undefined);
	if (given && request.metadataDirective === 'keep') {
		throw S3Failure.invalid(
			`Could not copy to ${nameOf(bucket, key)}: new metadata or content headers are given, but those of the source are kept`,
			'Set Metadata to Replace and enter all that the copy is to have, or remove them.',
			{ bucket, key },
		);
	}
	if (request.tags !== undefined && request.tagsDirective !== 'replace') {
		throw S3Failure.invalid(
			`Could not copy to ${nameOf(bucket, key)}: new tags are given, but Tags is not set to Replace`,
			'Set Tags to Replace, or remove the new tags.',
			{ bucket, key },
		);
	}
}
