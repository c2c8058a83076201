import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { restoreObject } from '../../../s3/objects/restoreObject';
import { withoutUndefined } from '../../files/json';
import {
	bucketField,
	bucketOf,
	existingKeyField,
	existingKeyOf,
} from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { customerKey } from '../../parameters/encryption';
import { optionsField } from '../../parameters/OptionGroup';
import { readNumber, readOneOf } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import { versionId } from '../../parameters/versionId';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { dateTime, oneOf, optional, schemaOf, text } from '../../run/schema';
import { bucketAndKey } from './outputFields';

const DEFAULT_DAYS = 7;

const option: INodePropertyOptions = {
	name: 'Restore',
	value: 'restore',
	description:
		'Make an archived object (Glacier) readable for some days, or see how far the restore is',
	action: 'Restore archived object',
	builderHint: {
		propertyHint:
			'Begins to make an object in Glacier or Deep Archive readable, which takes minutes to hours. Run it again after a Wait node until state is “restored”, then use Get.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	existingKeyField,
	{
		displayName: 'Days',
		name: 'days',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: DEFAULT_DAYS,
		description:
			'How long the object stays readable. Objects in Intelligent-Tiering stay readable anyway.',
	},
	{
		displayName: 'Tier',
		name: 'tier',
		type: 'options',
		options: [
			{
				name: 'Bulk',
				value: 'Bulk',
				description: 'The cheapest: 5 to 12 hours, from Deep Archive up to 48 hours',
			},
			{
				name: 'Expedited',
				value: 'Expedited',
				description: '1 to 5 minutes, for up to 250 MB; not from Deep Archive',
			},
			{
				name: 'Standard',
				value: 'Standard',
				description: '3 to 5 hours, from Deep Archive up to 12 hours',
			},
		],
		default: 'Standard',
		description:
			'How fast the object is restored. Faster tiers cost more. A faster one speeds up a restore that is in progress.',
	},
	optionsField(
		...versionId.fields,
		...customerKey.fields,
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const output = schemaOf({
	...bucketAndKey,
	...optional({ versionId: text('Version of the object') }),
	state: oneOf('The object can be read unless it is in progress', [
		'inProgress',
		'restored',
		'notArchived',
	]),
	storageClass: text('Storage class, which a restore does not change'),
	...optional({
		expiresAt: dateTime('Until when a restored object stays readable'),
		readyEstimate: dateTime(
			'When a restore that was begun or sped up now is ready at the latest; by the tier Expedited only up to 250 MB',
		),
	}),
});

const calls: CallUses = {
	HeadObject: 'always',
	RestoreObject:
		'for an archived object; while it is being restored only to speed that up, so not by the tier Bulk',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const days = readNumber(item, 'days', { min: 1, max: Infinity, whole: true });
	const request = {
		bucket: bucketOf(item, item.s3.connection),
		key: existingKeyOf(item),
		versionId: versionId.read(item),
		days: days ?? DEFAULT_DAYS,
		tier: readOneOf(item, 'tier', ['Standard', 'Bulk', 'Expedited']) ?? 'Standard',
		customerKey: customerKey.read(item),
		...caller.read(item),
	};
	return [{ json: withoutUndefined({ ...(await restoreObject(item.s3, request, item)) }) }];
}

/** Begins to restore an archived object, or tells how far that is. */
export const restore: ItemOperation = { option, fields, output, calls, execute };
