import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { deletePrefix, type PrefixDeletion } from '../../../s3/objects/prefix/deletePrefix';
import { withoutUndefined } from '../../files/json';
import { bucketField, bucketOf } from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { deletion } from '../../parameters/deletion';
import { checkFilledIn, filter } from '../../parameters/filter';
import { maxObjects } from '../../parameters/maxObjects';
import { offeredBeside } from '../../parameters/offeredBeside';
import { optionsField } from '../../parameters/OptionGroup';
import { readBoolean, readSafeguard, readText } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { arrayOf, boolean, integer, optional, schemaOf, text } from '../../run/schema';
import { failedFields, repeatedField } from './outputFields';
import { whyNothingDeleted } from './whyEmpty';

const option: INodePropertyOptions = {
	name: 'Delete by Prefix',
	value: 'deleteByPrefix',
	description:
		'Delete all objects whose key begins with a prefix, e.g. a folder. Only a bucket with versions can bring objects back.',
	action: 'Delete all objects under a prefix',
	builderHint: {
		propertyHint:
			'Deletes all objects under a prefix, such as a folder with a slash at its end. Destructive: try it with the option dryRun first; maxObjects is a cap.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	{
		displayName: 'Prefix',
		name: 'prefix',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. invoices/2026/',
		description: 'What all keys to delete begin with. A folder has a slash at its end.',
	},
	optionsField(
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: false,
			description: 'Whether to only count what would be deleted',
		},
		...maxObjects.fields,
		...filter.fields,
		{
			displayName: 'All Versions',
			name: 'allVersions',
			type: 'boolean',
			default: false,
			description:
				'Whether to delete all versions and delete markers permanently. Otherwise a bucket that keeps versions only hides the objects.',
		},
		...offeredBeside('allVersions', [true], deletion.fields),
		{
			displayName: 'Receipt',
			name: 'receipt',
			type: 'boolean',
			default: false,
			description:
				'Whether to list what was deleted, or in a dry run what would be. The operation Undelete takes such a receipt.',
		},
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const output = schemaOf({
	bucket: text('Name of the bucket'),
	prefix: text('Prefix of the keys'),
	matched: integer('Objects that match, or versions with the option All Versions'),
	deleted: integer('How many of them were deleted; 0 in a dry run'),
	failed: arrayOf('Those that could not be deleted', failedFields),
	dryRun: boolean('Whether nothing was to be deleted'),
	...optional({
		receipt: arrayOf('What was deleted; with the option Receipt', {
			key: text('Key of the object, exactly as stored'),
			...optional({
				versionId: text('Version that was deleted, or the delete marker that hides the object now'),
				deleteMarker: boolean('Whether that version is a delete marker'),
				permanent: boolean(
					'Whether that version was deleted for good; with the option All Versions',
				),
			}),
			...repeatedField,
		}),
	}),
});

const calls: CallUses = {
	ListObjectsV2: 'without the option All Versions',
	ListObjectVersions: 'with the option All Versions',
	DeleteObjects: 'for up to 1,000 objects at once',
	DeleteObject:
		'for objects that cannot go together, and on servers without DeleteObjects, or whose response to it names no versions',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	checkFilledIn(item);
	const request = {
		bucket: bucketOf(item, item.s3.connection),
		prefix: readText(item, 'prefix') ?? '',
		dryRun: readSafeguard(item, 'options.dryRun'),
		maxObjects: maxObjects.read(item),
		allVersions: readBoolean(item, 'options.allVersions'),
		...filter.read(item),
		...deletion.read(item),
		...caller.read(item),
	};
	const { bucket, prefix, dryRun } = request;
	const { matched, deletions, failed } = await deletePrefix(item.s3, request, item);
	if (matched === 0) item.hint(whyNothingDeleted(request));
	if (failed.length > 0) {
		item.hint(
			`${failed.length} of ${matched} objects under prefix “${prefix}” of bucket “${bucket}” could not be deleted. The output lists them in the field “failed”.`,
		);
	}
	const summary = { bucket, prefix, matched, deleted: dryRun ? 0 : deletions.length, dryRun };
	const json = { ...summary, failed: failed.map((one) => withoutUndefined({ ...one })) };
	const wantsReceipt = readBoolean(item, 'options.receipt');
	return [{ json: wantsReceipt ? { ...json, receipt: receiptOf(deletions) } : json }];
}

const receiptOf = (deletions: PrefixDeletion['deletions']) =>
	deletions.map((one) => withoutUndefined({ ...one }));

/** Deletes all objects under a prefix, with a cap and a dry run. */
export const deleteByPrefix: ItemOperation = { option, fields, output, calls, execute };
