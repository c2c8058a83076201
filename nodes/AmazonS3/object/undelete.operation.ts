import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { undelete as bringBack, type UndeleteScope } from '../../../s3/objects/prefix/undelete';
import { S3Failure } from '../../../s3/S3Failure';
import { withoutUndefined } from '../../files/json';
import { parseJson } from '../../files/parseJson';
import { bucketField, bucketOf, newKeyField } from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { optionsField } from '../../parameters/OptionGroup';
import {
	checkEntered,
	notLost,
	readDate,
	readOneOf,
	readSafeguard,
	readText,
	readValue,
} from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { arrayOf, boolean, integer, oneOf, optional, schemaOf, text } from '../../run/schema';
import { failedFields } from './outputFields';

const option: INodePropertyOptions = {
	name: 'Undelete',
	value: 'undelete',
	description:
		'Bring back deleted objects, or their state at a point in time, in a bucket with versions',
	action: 'Undelete objects (or set back to a past state)',
	builderHint: {
		propertyHint: 'Works only in buckets with versioning, or with the receipt of a deletion there.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	{
		displayName: 'Select By',
		name: 'undeleteBy',
		type: 'options',
		options: [
			{ name: 'Key', value: 'key', description: 'One object' },
			{ name: 'Prefix', value: 'prefix', description: 'All objects whose key begins with a text' },
			{
				name: 'Receipt',
				value: 'receipt',
				description: 'The receipt that Delete by Prefix gave, or items of Delete',
			},
		],
		default: 'key',
		description: 'Which objects to bring back',
	},
	{ ...newKeyField, required: false, displayOptions: { show: { undeleteBy: ['key'] } } },
	{
		displayName: 'Prefix',
		name: 'prefix',
		type: 'string',
		default: '',
		placeholder: 'e.g. invoices/2026/',
		displayOptions: { show: { undeleteBy: ['prefix'] } },
		description: 'Only objects whose key begins with this. Leave it empty for the whole bucket.',
	},
	{
		displayName: 'Receipt',
		name: 'receipt',
		type: 'json',
		default: '={{ $json.receipt }}',
		displayOptions: { show: { undeleteBy: ['receipt'] } },
		description: 'A list of objects, each with its key and the versionId of its delete marker',
	},
	{
		displayName: 'As Of',
		name: 'asOf',
		type: 'dateTime',
		default: '',
		displayOptions: { hide: { undeleteBy: ['receipt'] } },
		description: 'Bring each object back as it was at this moment',
		hint: 'Leave it empty to bring back only what was deleted, as it was last.',
	},
	optionsField(
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: false,
			description: 'Whether to only find out what would be brought back',
		},
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const output = schemaOf({
	bucket: text('Name of the bucket'),
	...optional({
		key: text('Key of the object'),
		prefix: text('Prefix of the keys'),
	}),
	restored: integer('Objects that are there again, or in a dry run would be'),
	objects: arrayOf('These objects', {
		key: text('Key of the object, exactly as stored'),
		...optional({ versionId: text('Version that has the content') }),
		by: oneOf(
			'Whether its delete markers were removed, or the version was copied over newer ones',
			['markersRemoved', 'versionCopied'],
		),
	}),
	failed: arrayOf('Those that could not be brought back', failedFields),
	dryRun: boolean('Whether nothing was to be brought back'),
});

const calls: CallUses = {
	ListObjectVersions:
		'with Key or Prefix; with Receipt for delete markers of the version null, of requests that were repeated, and those of which the server does not say that it has removed them',
	GetBucketVersioning: 'with As Of, if one of the newer versions is the version null',
	DeleteObjects: 'to remove delete markers',
	DeleteObject:
		'to remove a single delete marker, and on servers without DeleteObjects, or whose response to it names no versions',
	CopyObject: 'with As Of, for versions that newer ones hide',
	HeadObject: 'as CopyObject',
	GetObjectTagging: 'with As Of, for such versions above 5 GiB',
	CreateMultipartUpload: 'with As Of, for such versions above 5 GiB',
	UploadPartCopy: 'with As Of, for such versions above 5 GiB',
	CompleteMultipartUpload: 'with As Of, for such versions above 5 GiB',
	AbortMultipartUpload: 'after a copy in parts that failed',
	PutObjectTagging:
		'with As Of, for such versions above 5 GiB on servers other than AWS that lose tags',
	GetObject: 'as CopyObject, on servers that have none',
	PutObject: 'as CopyObject, on servers that have none',
	UploadPart: 'as UploadPartCopy, on servers that have none',
};

/** Why nothing was brought back, without and with a moment. */
const NONE_IS_DELETED = 'no object that matches is hidden by a delete marker';
const NONE_IS_ANOTHER =
	'every object that matches is as it was at that moment, or has no version that old';

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const bucket = bucketOf(item, item.s3.connection);
	const scope = await scopeOf(item);
	const dryRun = readSafeguard(item, 'options.dryRun');
	const request = { bucket, scope, asOf: asOfFrom(item, scope), dryRun, ...caller.read(item) };
	const { restored, failed } = await bringBack(item.s3, request, item);
	if (restored.length === 0 && failed.length === 0) {
		item.hint(
			`There was nothing to bring back: ${request.asOf === undefined ? NONE_IS_DELETED : NONE_IS_ANOTHER}. Only buckets that keep versions can bring objects back.`,
		);
	}
	if (failed.length > 0) {
		item.hint(
			`${failed.length} objects of bucket “${bucket}” could not be brought back. The output lists them in the field “failed”.`,
		);
	}
	const json = {
		bucket,
		...('receipt' in scope ? {} : scope),
		restored: restored.length,
		objects: restored.map((one) => withoutUndefined({ ...one })),
		failed: failed.map((one) => withoutUndefined({ ...one })),
		dryRun,
	};
	return [{ json }];
}

async function scopeOf(item: Item): Promise<UndeleteScope> {
	const by = readOneOf(item, 'undeleteBy', ['key', 'prefix', 'receipt']) ?? 'key';
	if (by === 'key') return { key: keyFrom(item) };
	if (by === 'receipt') return { receipt: await receiptFrom(item) };
	return { prefix: notLost(item, 'prefix', readText(item, 'prefix')) ?? '' };
}

function keyFrom(item: Item): string {
	const key = readText(item, 'key');
	if (key !== undefined) return key;
	checkEntered(item.entered('key'), 'Key', false);
	throw S3Failure.invalid('The key is empty', 'Enter the Key of the object to bring back.');
}

function asOfFrom(item: Item, scope: UndeleteScope): Date | undefined {
	if ('receipt' in scope) return undefined;
	// Nothing means something else than a moment.
	return notLost(item, 'asOf', readDate(item, 'asOf'));
}

/** @throws {S3Failure} of kind `invalid` when it is not a list of objects with a key */
async function receiptFrom(
	item: Item,
): Promise<Extract<UndeleteScope, { receipt: unknown }>['receipt']> {
	const value = readValue(item, 'receipt');
	const list = typeof value === 'string' ? (await parseJson(value, item.signal)).value : value;
	if (!Array.isArray(list)) throw noReceipt();
	return list.map((entry: unknown) => {
		const given = Object(entry) as Record<string, unknown>;
		const { key, versionId, deleteMarker, permanent, repeated } = given;
		if (typeof key !== 'string' || key === '') throw noReceipt();
		return {
			key,
			versionId: typeof versionId === 'string' ? versionId : undefined,
			deleteMarker: typeof deleteMarker === 'boolean' ? deleteMarker : undefined,
			permanent: permanent === true ? true : undefined,
			repeated: repeated === true ? true : undefined,
		};
	});
}

const noReceipt = (): S3Failure =>
	S3Failure.invalid(
		'The receipt is not a list of objects with a key',
		'Give Receipt an expression such as {{ $json.receipt }}. Delete by Prefix returns a receipt with its option Receipt.',
	);

/** Brings objects back that a delete marker or newer versions hide. */
export const undelete: ItemOperation = { option, fields, output, calls, execute };
