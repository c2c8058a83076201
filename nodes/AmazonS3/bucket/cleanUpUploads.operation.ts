import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { cleanUpUploads as cleanUp } from '../../../s3/buckets/cleanUpUploads';
import { withoutUndefined } from '../../files/json';
import { bucketField, bucketOf } from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { optionsField } from '../../parameters/OptionGroup';
import { notLost, readNumber, readSafeguard, readText } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import {
	anyJson,
	arrayOf,
	boolean,
	dateTime,
	integer,
	optional,
	schemaOf,
	text,
} from '../../run/schema';

const HOUR = 60 * 60 * 1000;
const DEFAULT_AGE = 24;

const option: INodePropertyOptions = {
	name: 'Clean Up Uploads',
	value: 'cleanUpUploads',
	description: 'Abort multipart uploads that never ended, whose parts are stored and paid for',
	action: 'Clean up unfinished uploads of bucket',
	builderHint: {
		propertyHint: 'Aborts multipart uploads that never ended; it deletes no objects.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	{
		displayName: 'Older Than (Hours)',
		name: 'olderThanHours',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: DEFAULT_AGE,
		description: 'Only uploads that began longer ago. A younger one may still be going on.',
	},
	{
		displayName: 'Prefix',
		name: 'prefix',
		type: 'string',
		default: '',
		placeholder: 'e.g. backups/',
		description: 'Only uploads whose key begins with this. Leave it empty for the whole bucket.',
	},
	optionsField(
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: false,
			description: 'Whether to only list what would be aborted',
		},
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const uploadFields = {
	key: text('Key of the upload'),
	uploadId: text('S3’s ID of the upload'),
};

const output = schemaOf({
	bucket: text('Name of the bucket'),
	prefix: text('Prefix of the keys; empty is the whole bucket'),
	matched: integer('Uploads that are old enough'),
	aborted: integer('How many of them were aborted; 0 in a dry run'),
	kept: integer(
		'Uploads that are younger, or of which the server does not say when they were begun',
	),
	uploads: arrayOf('Uploads that are old enough', {
		...uploadFields,
		...optional({ begun: dateTime('When it was begun') }),
	}),
	failed: arrayOf('Uploads that could not be aborted', {
		...uploadFields,
		code: text('Code of S3, or the kind of failure'),
		message: text('What went wrong'),
	}),
	dryRun: boolean('Whether nothing was to be aborted'),
	lifecycleRule: anyJson('A rule with which S3 does this by itself, every day'),
});

const calls: CallUses = {
	ListMultipartUploads: 'always',
	AbortMultipartUpload: 'for each upload that is old enough',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const bucket = bucketOf(item, item.s3.connection);
	// An expression that gives nothing must not mean all uploads of the bucket, or younger ones.
	const prefix = notLost(item, 'prefix', readText(item, 'prefix')) ?? '';
	const bounds = { min: 1, max: Infinity };
	const age = readNumber(item, 'olderThanHours', bounds);
	const hours = notLost(item, 'olderThanHours', age) ?? DEFAULT_AGE;
	const dryRun = readSafeguard(item, 'options.dryRun');
	const begunBefore = new Date(Date.now() - hours * HOUR);
	const request = { bucket, prefix, begunBefore, dryRun, ...caller.read(item) };
	const { matched, aborted, failed, kept } = await cleanUp(item.s3, request, item);
	if (matched.length + kept === 0 && item.s3.connection.endpoint !== undefined) {
		item.hint(
			'The server lists no uploads. MinIO and some others list them only if Prefix is the whole key of the upload.',
		);
	}
	const json = {
		bucket,
		prefix,
		matched: matched.length,
		aborted,
		kept,
		uploads: matched.map((upload) => withoutUndefined({ ...upload })),
		failed: failed.map((one) => ({ ...one })),
		dryRun,
		lifecycleRule: lifecycleRule(prefix, hours),
	};
	return [{ json }];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html */
const lifecycleRule = (prefix: string, hours: number) => ({
	Rules: [
		{
			ID: 'abort-incomplete-uploads',
			Status: 'Enabled',
			Filter: { Prefix: prefix },
			AbortIncompleteMultipartUpload: { DaysAfterInitiation: Math.max(1, Math.ceil(hours / 24)) },
		},
	],
});

/** Aborts multipart uploads that were begun long ago and never ended. */
export const cleanUpUploads: ItemOperation = { option, fields, output, calls, execute };
