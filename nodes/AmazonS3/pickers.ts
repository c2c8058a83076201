import {
	ExpressionError,
	type ILoadOptionsFunctions,
	type INodeParameterResourceLocator,
	type INodeListSearchItems,
	type INodeListSearchResult,
	type INodeProperties,
} from 'n8n-workflow';

import { listBuckets } from '../../s3/buckets/listBuckets';
import type { CallName } from '../../s3/calls/calls';
import type { S3 } from '../../s3/client/S3';
import { S3Failure } from '../../s3/S3Failure';
import type { CredentialSlot } from '../connection/authentication';
import { awaitedCall } from '../connection/awaitedCall';
import { noteBucketList } from '../connection/connectionWarnings';
import { openConnection } from '../connection/open';
import { toNodeError } from '../errors/toNodeError';
import { bucketField, bucketOf, sourceBucketField } from '../parameters/bucketAndKey';
import { ofEditor } from '../parameters/ParameterSource';
import { rowOf, searchKeysOf } from './keySearch';

const MAX_BUCKETS = 10_000;
/** The picker shows a few lines: the server's own words would push out of sight what to do instead. */
const NO_BUCKETS = 'These keys may not list buckets';
const TYPE_THE_BUCKET =
	'Choose “By Name” at the left of the field and type the bucket, or enter a bucket in the credential.';
const TYPE_THE_KEY = 'Choose “By Key” at the left of the field and type the key.';
/** After this time people take a list that does not open for broken. */
const TIMEOUT_MS = 20_000;

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

/** The keys of the chosen bucket that begin with the filter, a hundred at a time, or else those that contain it. */
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
		checkNotLost(node, field);
		const bucket = bucketOf(ofEditor(node), s3.connection, field);
		const call = awaitedCall(TIMEOUT_MS);
		const found = await searchKeysOf(s3, bucket, filter ?? '', paginationToken, call).catch(
			(error: unknown) => {
				if (!isDenied(error, 'ListObjectsV2')) throw error;
				const message = `These keys may not list the objects of bucket “${bucket}”`;
				throw error.reworded(message, TYPE_THE_KEY);
			},
		);
		const results = found.keys.map((key) => ({ name: rowOf(key), value: key }));
		return { results, ...(found.next === undefined ? {} : { paginationToken: found.next }) };
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

/**
 * The editor evaluates expressions before it asks; what gives nothing there, as long as there are no items, has no value.
 *
 * @throws {S3Failure} of kind `invalid` where the bucket of the credential would stand in for that of an expression
 */
function checkNotLost(node: ILoadOptionsFunctions, { name, displayName }: INodeProperties): void {
	const locator = node.getCurrentNodeParameter(name);
	const { __rl: isLocator, value } = Object(locator) as Partial<INodeParameterResourceLocator>;
	if (isLocator !== true || (value !== undefined && value !== null)) return;
	throw S3Failure.invalid(
		`The expression of ${displayName} gives nothing in the editor`,
		`Run the nodes before this one, for their items to be there. ${TYPE_THE_KEY}`,
	);
}

/** Whether the list itself is denied, and not the session to ask for it with. */
const isDenied = (error: unknown, list: CallName): error is S3Failure =>
	error instanceof S3Failure && error.kind === 'denied' && error.operation === list;

function asItem(name: string): INodeListSearchItems {
	return { name: rowOf(name), value: name };
}

async function openForEditor(node: ILoadOptionsFunctions, slot: CredentialSlot): Promise<S3> {
	const fields = async (type: string) =>
		await node.getCredentials(type).catch((error: unknown) => {
			throw error instanceof ExpressionError ? needsItem(error) : error;
		});
	return await openConnection({ parameters: ofEditor(node), fields }, slot);
}

const needsItem = (cause: ExpressionError): S3Failure =>
	S3Failure.invalid(
		'The credential holds an expression on items, which exist only while a workflow runs',
		'Choose “By Name” or “By Key” at the left of the field and type what you mean.',
		{ cause },
	);

async function bucketNames(s3: S3): Promise<string[]> {
	const { bucket, bucketOnly } = s3.connection;
	if (bucketOnly && bucket !== undefined) return [bucket];
	return await allBucketNames(s3).catch((error: unknown) => {
		// Keys made for one bucket usually may not list all; that bucket is in the credential.
		if (!isDenied(error, 'ListBuckets')) throw error;
		if (bucket !== undefined) return [bucket];
		noteBucketList(s3, false);
		throw error.reworded(NO_BUCKETS, TYPE_THE_BUCKET);
	});
}

async function allBucketNames(s3: S3): Promise<string[]> {
	const names: string[] = [];
	for await (const page of listBuckets(s3, { limit: MAX_BUCKETS }, awaitedCall(TIMEOUT_MS))) {
		for (const { bucket } of page) names.push(bucket);
	}
	noteBucketList(s3, true);
	return names;
}
