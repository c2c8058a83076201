import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { listVersionEntries, type ListVersionsRequest } from '../../../s3/list/listVersions';
import { withoutUndefined } from '../../files/json';
import { bucketField, bucketOf } from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { filter } from '../../parameters/filter';
import { optionsField } from '../../parameters/OptionGroup';
import { listedPrefixOf } from '../../parameters/listedPrefix';
import { listingOptions, readsPartitions } from '../../parameters/listingOptions';
import { listingFileOptions, listingOutput } from '../../parameters/listingOutput';
import { MAX_RESULTS, paging } from '../../parameters/paging';
import { notLost, readSafeguard, readText } from '../../parameters/read';
import { restoreStatus } from '../../parameters/restoreStatus';
import { retrying } from '../../parameters/retrying';
import type { Item, ItemOperation } from '../../run/operation';
import {
	arrayOf,
	boolean,
	dateTime,
	integer,
	optional,
	schemaOf,
	text,
	type Fields,
} from '../../run/schema';
import { jsonLines } from './Listing';
import { listingFile } from './listingFile';
import {
	bucketAndKey,
	commonPrefixFields,
	ownerField,
	partitions,
	restoreStatusField,
} from './outputFields';
import { csvVersions, VersionListing } from './VersionListing';
import { whyNoVersions } from './whyEmpty';

const option: INodePropertyOptions = {
	name: 'List Versions',
	value: 'listVersions',
	description: 'List the versions and delete markers of one object, of a prefix or of a bucket',
	action: 'List versions of objects',
	builderHint: {
		propertyHint: 'Lists versions and delete markers; set versionsOf for a single key.',
	},
};

const outputForm = listingOutput('version');

const fields: INodeProperties[] = [
	bucketField,
	{
		displayName: 'Versions Of',
		name: 'versionsOf',
		type: 'string',
		default: '',
		placeholder: 'e.g. invoices/2026/0815.pdf',
		description: 'The key of one object',
		hint: 'Leave it empty to list the versions of all objects under a prefix.',
	},
	{
		displayName: 'Prefix',
		name: 'prefix',
		type: 'string',
		default: '',
		placeholder: 'e.g. invoices/2026/',
		displayOptions: { show: { versionsOf: [''] } },
		description:
			'Only list versions of objects whose key begins with this. Leave it empty for the whole bucket.',
	},
	...paging.fields,
	...outputForm.fields,
	optionsField(
		...filter.fields,
		...listingOptions.fields,
		...restoreStatus.fields,
		...listingFileOptions,
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const versionFields: Fields = {
	...bucketAndKey,
	versionId: text('The version; “null” if it was put while the bucket kept no versions'),
	isLatest: boolean('Whether it is the newest of its key'),
	isDeleteMarker: boolean('Whether it is a delete marker, which hides the object'),
	size: integer('Bytes; 0 of a delete marker'),
	...optional({
		etag: text('ETag without quotes'),
		lastModified: dateTime('When it was made'),
		storageClass: text('Storage class'),
		owner: ownerField,
		restoreStatus: restoreStatusField,
	}),
	...partitions,
};

const rowForms: readonly Fields[] = [versionFields, commonPrefixFields];

const output = schemaOf(...rowForms, {
	bucket: text('Name of the bucket'),
	count: integer(
		'Versions, delete markers and common prefixes listed; with Output set to Array or a file',
	),
	truncated: boolean('Whether the listing was cut at its limit'),
	...optional({
		versionsOf: text('Key whose versions were listed'),
		prefix: text('Prefix that was listed'),
		nextStartAfter: text(
			'Key to go on after, for the option Start After: the last one whose versions are all listed. It is not there if the limit is less than the versions of one key.',
		),
		versions: arrayOf('What was listed; with Output set to Array', ...rowForms),
	}),
});

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const form = outputForm.read(item);
	const isFile = form === 'csv' || form === 'ndjson';
	const limit = paging.read(item) ?? (isFile ? Infinity : MAX_RESULTS);
	const request = requestFrom(item);
	// One more tells whether there are more.
	const listed = listVersionEntries(item.s3, { ...request, limit: limit + 1 }, item);
	const listing = new VersionListing(request, listed, limit, readsPartitions(item));
	if (isFile) {
		const lines =
			form === 'csv'
				? csvVersions(listing, readSafeguard(item, 'options.spreadsheetSafe'))
				: jsonLines(listing.pages());
		const binary = await listingFile(item, lines, `versions.${form}`);
		if (listing.count === 0) item.hint(whyNoVersions(request));
		return [{ json: summaryOf(listing), binary }];
	}
	const versions: IDataObject[] = [];
	for await (const page of listing.pages()) {
		for (const version of page) versions.push(withoutUndefined(version));
	}
	if (listing.count === 0) item.hint(whyNoVersions(request));
	if (listing.truncated && limit === MAX_RESULTS) item.hint(tooMany(listing));
	if (form === 'items') return versions.map((json) => ({ json }));
	return [{ json: { ...summaryOf(listing), versions } }];
}

function tooMany({ request: { bucket }, nextStartAfter }: VersionListing): string {
	const goOn =
		nextStartAfter === undefined
			? ''
			: ` go on with the option Start After set to “${nextStartAfter}”,`;
	return `Only the first 100,000 versions in bucket “${bucket}” are returned; there are more. Narrow the prefix,${goOn} or choose a file as output.`;
}

function requestFrom(item: Item): ListVersionsRequest {
	// Nothing means all keys.
	const versionsOf = notLost(item, 'versionsOf', readText(item, 'versionsOf'));
	return {
		bucket: bucketOf(item, item.s3.connection),
		versionsOf,
		prefix: versionsOf === undefined ? listedPrefixOf(item) : readText(item, 'prefix'),
		...listingOptions.read(item),
		...filter.read(item),
		...restoreStatus.read(item),
		...caller.read(item),
	};
}

function summaryOf({ request, count, truncated, nextStartAfter }: VersionListing) {
	const { bucket, versionsOf, prefix } = request;
	return withoutUndefined({ bucket, versionsOf, prefix, count, truncated, nextStartAfter });
}

/** Lists versions and delete markers, the newest of each key first. */
export const listVersions: ItemOperation = {
	option,
	fields,
	output,
	calls: { ListObjectVersions: 'always' },
	execute,
};
