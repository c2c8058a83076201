import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	INodeProperties,
} from 'n8n-workflow';

import { listBuckets } from '../../s3/buckets/listBuckets';
import type { S3 } from '../../s3/client/S3';
import { listObjects } from '../../s3/list/listObjects';
import { S3Failure } from '../../s3/S3Failure';
import type { CredentialSlot } from '../connection/authentication';
import { openConnection } from '../connection/open';
import { toNodeError } from '../errors/toNodeError';
import { bucketField, bucketOf, sourceBucketField } from '../parameters/bucketAndKey';
import { ofEditor } from '../parameters/ParameterSource';

const PAGE_SIZE = 100;
const MAX_BUCKETS = 10_000;
/** After this time people take a list that does not open for broken. */
const TIMEOUT_MS = 20_000;
/** What is wrong with a connection is to be seen soon. */
const RETRY_FOR_MS = 2000;

/** The buckets whose name contains the filter; only that of the credential if it is limited to one. */
export async function searchBuckets(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return await bucketsOf(this, 'source', filter);
}

/** The buckets that an object can be copied to, over another connection if one is chosen. */
export async function searchTargetBuckets(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const another = this.getCurrentNodeParameter('anotherConnection') === true;
	return await bucketsOf(this, another ? 'target' : 'source', filter);
}

async function bucketsOf(
	node: ILoadOptionsFunctions,
	slot: CredentialSlot,
	filter: string | undefined,
): Promise<INodeListSearchResult> {
	try {
		const names = await bucketNames(await openForEditor(node, slot));
		const wanted = (filter ?? '').trim().toLowerCase();
		return { results: names.filter((name) => name.toLowerCase().includes(wanted)).map(asItem) };
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

/** The keys of the chosen bucket that begin with the filter, a hundred at a time. */
export async function searchKeys(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await keysIn(this, bucketField, filter, paginationToken);
}

/** The same of the bucket that an object is copied from. */
export async function searchSourceKeys(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await keysIn(this, sourceBucketField, filter, paginationToken);
}

async function keysIn(
	node: ILoadOptionsFunctions,
	field: INodeProperties,
	filter: string | undefined,
	paginationToken: string | undefined,
): Promise<INodeListSearchResult> {
	try {
		const s3 = await openForEditor(node, 'source');
		const bucket = bucketOf(ofEditor(node), s3.connection, field);
		const request = { bucket, prefix: filter, startAfter: paginationToken, limit: PAGE_SIZE };
		const keys: string[] = [];
		let next: string | undefined;
		for await (const page of listObjects(s3, request, callWithTimeout())) {
			for (const entry of page.entries) if ('key' in entry) keys.push(entry.key);
			next = page.nextStartAfter;
		}
		return { results: keys.map(asItem), ...(next === undefined ? {} : { paginationToken: next }) };
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

function asItem(name: string): INodeListSearchItems {
	return { name, value: name };
}

function callWithTimeout() {
	return { signal: AbortSignal.timeout(TIMEOUT_MS), retryFor: RETRY_FOR_MS };
}

async function openForEditor(node: ILoadOptionsFunctions, slot: CredentialSlot): Promise<S3> {
	const fields = async (type: string) => await node.getCredentials(type);
	return await openConnection({ parameters: ofEditor(node), fields }, slot);
}

async function bucketNames(s3: S3): Promise<string[]> {
	const { bucket, bucketOnly } = s3.connection;
	if (bucketOnly && bucket !== undefined) return [bucket];
	return await allBucketNames(s3).catch((error: unknown) => {
		// Keys made for one bucket usually may not list all; that bucket is in the credential.
		const denied = error instanceof S3Failure && error.kind === 'denied';
		if (denied && bucket !== undefined) return [bucket];
		throw error;
	});
}

async function allBucketNames(s3: S3): Promise<string[]> {
	const names: string[] = [];
	for await (const page of listBuckets(s3, { limit: MAX_BUCKETS }, callWithTimeout())) {
		for (const { bucket } of page) names.push(bucket);
	}
	return names;
}
