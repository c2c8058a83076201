import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { readConnection } from '../../credentials/read/readConnection';
import { listBuckets } from '../../s3/buckets/listBuckets';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import { listObjects } from '../../s3/list/listObjects';
import { S3Failure } from '../../s3/S3Failure';
import { credentialTypeOf } from '../parameters/fields';
import { toNodeError } from '../errors/toNodeError';

const PAGE_SIZE = 100;
const MOST_BUCKETS = 10_000;
/** A picker that waits longer is taken for broken. */
const PATIENCE_MS = 20_000;

/** The buckets whose name contains the filter; only the credential's where it is limited to one. */
export async function searchBuckets(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	try {
		const names = await bucketNames(await openCredential(this));
		const wanted = (filter ?? '').trim().toLowerCase();
		return { results: names.filter((name) => name.toLowerCase().includes(wanted)).map(asItem) };
	} catch (error) {
		throw toNodeError(this.getNode(), error);
	}
}

/** The keys of the chosen bucket that begin with the filter, a hundred at a time. */
export async function searchKeys(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	try {
		const s3 = await openCredential(this);
		const bucket = chosenBucket(this) ?? s3.connection.bucket ?? '';
		const request = { bucket, prefix: filter, startAfter: paginationToken, limit: PAGE_SIZE };
		const keys: string[] = [];
		let next: string | undefined;
		for await (const page of listObjects(s3, request, patientCall())) {
			for (const entry of page.entries) if ('key' in entry) keys.push(entry.key);
			next = page.nextStartAfter;
		}
		return { results: keys.map(asItem), ...(next === undefined ? {} : { paginationToken: next }) };
	} catch (error) {
		throw toNodeError(this.getNode(), error);
	}
}

function asItem(name: string): INodeListSearchItems {
	return { name, value: name };
}

function patientCall() {
	return { signal: AbortSignal.timeout(PATIENCE_MS) };
}

async function openCredential(node: ILoadOptionsFunctions): Promise<S3> {
	const type = credentialTypeOf(node.getCurrentNodeParameter('authentication'));
	return await openS3(readConnection(type, await node.getCredentials(type)));
}

async function bucketNames(s3: S3): Promise<string[]> {
	const { bucket, bucketOnly } = s3.connection;
	if (bucketOnly && bucket !== undefined) return [bucket];
	return await allBucketNames(s3).catch((error: unknown) => {
		// keys made for one bucket seldom may list them all, and that bucket is in the credential
		const denied = error instanceof S3Failure && error.kind === 'denied';
		if (denied && bucket !== undefined) return [bucket];
		throw error;
	});
}

async function allBucketNames(s3: S3): Promise<string[]> {
	const names: string[] = [];
	for await (const page of listBuckets(s3, { limit: MOST_BUCKETS }, patientCall())) {
		for (const { bucket } of page) names.push(bucket);
	}
	return names;
}

function chosenBucket(node: ILoadOptionsFunctions): string | undefined {
	const value = node.getCurrentNodeParameter('bucket', { extractValue: true });
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
