import {
	updateDisplayOptions,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { deleteObjects, type DeleteRequest } from '../../../s3/objects/deleteObjects';
import { S3Failure } from '../../../s3/S3Failure';
import { withoutUndefined } from '../../files/json';
import {
	bucketField,
	bucketOf,
	existingKeyField,
	existingKeyOf,
} from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { deletion } from '../../parameters/deletion';
import { customerKey } from '../../parameters/encryption';
import { offeredBeside } from '../../parameters/offeredBeside';
import { optionsField } from '../../parameters/OptionGroup';
import type { ParameterSource } from '../../parameters/ParameterSource';
import { isExpression, readEntered } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import { versionId } from '../../parameters/versionId';
import type {
	Begin,
	BulkOperation,
	CallUses,
	Item,
	ItemRequest,
	ItemResult,
} from '../../run/operation';
import { boolean, optional, schemaOf, text } from '../../run/schema';
import { bucketAndKey, repeatedField } from './outputFields';

const option: INodePropertyOptions = {
	name: 'Delete',
	value: 'delete',
	description:
		'Delete an object, or one version of it; many items go in one request. Only a bucket with versions can bring objects back.',
	action: 'Delete object',
	builderHint: {
		propertyHint:
			'Deletes one object per item and does not fail if there is none. Without versions in the bucket it cannot be undone.',
	},
};

/** To compare an ETag the object is looked at, at least on servers other than AWS. */
const ownKey = customerKey.fields.map((field) => ({
	...field,
	description:
		'The customer key, 32 bytes in base64, that the object is encrypted with (SSE-C), to compare its ETag',
}));

const fields: INodeProperties[] = [
	bucketField,
	existingKeyField,
	optionsField(
		...versionId.fields,
		{
			displayName: 'If ETag Matches',
			name: 'ifMatch',
			type: 'string',
			default: '',
			placeholder: 'e.g. 5d41402abc4b2a76b9719d911017c592',
			description:
				'Delete the object only if its newest version has this ETag. This needs the permission s3:GetObject, and a request for each item.',
		},
		...updateDisplayOptions({ show: { ifMatch: [{ _cnd: { exists: true } }] } }, ownKey),
		...offeredBeside('versionId', [{ _cnd: { exists: true } }], deletion.fields),
		...retrying.fields,
		...caller.fields,
	),
];

const output = schemaOf({
	...bucketAndKey,
	...optional({
		versionId: text('Version that was deleted, or the delete marker that hides the object now'),
	}),
	...optional({
		deleteMarker: boolean(
			'Whether that version is a delete marker; missing if the response was lost',
		),
	}),
	deleted: boolean('True; S3 says so even if there was no such object'),
	...repeatedField,
});

const calls: CallUses = {
	DeleteObjects: 'for several items',
	DeleteObject: 'for one item, and for items that cannot go together',
	HeadObject:
		'with the option If ETag Matches, on servers other than AWS or if a response was lost',
};

function read(item: Item): DeleteRequest {
	return {
		bucket: bucketOf(item, item.s3.connection),
		key: existingKeyOf(item),
		versionId: versionId.read(item),
		ifMatch: readEntered(item, 'options.ifMatch'),
		customerKey: customerKey.read(item),
		...deletion.read(item),
		...caller.read(item),
	};
}

type Requests = ReadonlyArray<ItemRequest<DeleteRequest>>;

/** Deletes what the items of one connection ask for, then those of the next. */
async function* executeAll(requests: Requests, begin: Begin): AsyncGenerator<ItemResult> {
	for (const group of groupsOf(requests)) yield* deleteTogether(group, begin);
}

type Group = [ItemRequest<DeleteRequest>, ...Requests];

/** Those of one connection that are repeated for the same time. */
function groupsOf(requests: Requests): Group[] {
	const groups: Array<[ItemRequest<DeleteRequest>, ...Array<ItemRequest<DeleteRequest>>]> = [];
	for (const one of requests) {
		const { s3, retryFor } = one.item;
		const isSame = ([{ item }]: Group) => item.s3 === s3 && item.retryFor === retryFor;
		const group = groups.find(isSame);
		if (group === undefined) groups.push([one]);
		else group.push(one);
	}
	return groups;
}

async function* deleteTogether(requests: Group, begin: Begin): AsyncGenerator<ItemResult> {
	const [{ item: first }] = requests;
	const asked = requests.map(({ request }) => request);
	// One that goes later, as it has a condition, may come before one that has failed: it is deleted all the same.
	const signalOf = (index: number) => begin((requests[index]?.item ?? first).index);
	for await (const { index, outcome } of deleteObjects(first.s3, asked, first, signalOf)) {
		const item = requests[index]?.item;
		if (item === undefined) continue;
		if (outcome instanceof S3Failure) yield { item, error: outcome };
		else yield { item, items: [{ json: withoutUndefined({ ...outcome }) }] };
	}
}

/** What a person who wanted to delete a folder has to know: S3 says “deleted” also of what was not there. */
function folderSummary(made: readonly INodeExecutionData[]): string[] {
	const keys = made.flatMap(({ json: { key } }) => (typeof key === 'string' ? [key] : [])).sort();
	// Who deletes what List has found in a folder deletes the folder, too. What is in it sorts right after it.
	const folder = keys.find(
		(key, at) => /[/*]$/.test(key) && keys[at + 1]?.startsWith(key) !== true,
	);
	if (folder === undefined) return [];
	const why = folder.endsWith('*') ? 'a key has no wildcards' : 'objects in a folder stay';
	return [
		`Only the key “${folder}” itself was deleted: ${why}. Delete by Prefix deletes a folder with all that is in it.`,
	];
}

/** What is the matter with keys that hardly any object has. Those that are meant may be deleted, so that there is no advice. */
const UNLIKELY: readonly [is: RegExp, what: string][] = [
	[
		/\{\{.*\}\}/s,
		'has {{ }} in it, which only an expression fills in: switch the field of the key to Expression',
	],
	[/^(s3|https?):\/\//i, 'is a whole URL'],
	[/^\//, 'begins with a slash'],
];

/** What a person who mistyped a key has to know. Keys that an expression takes from data were not typed. */
function unlikelySummary(
	made: readonly INodeExecutionData[],
	entered: ParameterSource['entered'],
): string[] {
	const { value = entered('key') } = Object(entered('key')) as { value?: unknown };
	if (isExpression(value)) return [];
	const keys = made.flatMap(({ json: { key } }) => (typeof key === 'string' ? [key] : []));
	return UNLIKELY.flatMap(([is, what]) => {
		const key = keys.find((one) => is.test(one));
		if (key === undefined) return [];
		return [`S3 says “deleted” also of an object that was not there. The key “${key}” ${what}.`];
	});
}

/** Deletes the objects of all items, a thousand in one request. */
export const deleteOperation: BulkOperation<DeleteRequest> = {
	option,
	fields,
	output,
	calls,
	read,
	executeAll,
	summaryOf: (made, entered) => [...folderSummary(made), ...unlikelySummary(made, entered)],
};
