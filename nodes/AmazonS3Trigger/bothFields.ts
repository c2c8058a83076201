import { updateDisplayOptions, type IDataObject, type INodeProperties } from 'n8n-workflow';

import type { Connection } from '../../s3/Connection';
import type { ObjectEvent } from '../../s3/events/ObjectEvent';
import { bucketKindOf } from '../../s3/bucketKinds';
import type { ListedObject } from '../../s3/list/ListedEntry';
import { bucketField, bucketOf } from '../parameters/bucketAndKey';
import { caller } from '../parameters/caller';
import { optionsField } from '../parameters/OptionGroup';
import type { ParameterSource } from '../parameters/ParameterSource';
import { queueEndpoint, queueUrlField } from '../parameters/queue';
import { readNumber } from '../parameters/read';
import { prefixField, watchedPrefix } from './pollFields';
import {
	acknowledgeField,
	queueOptions,
	readQueueSettings,
	type QueueSettings,
} from './queueFields';
import { requestsField } from './requestsField';
import { watching } from './watching';

/** Minutes; a day is enough for every queue that works. */
const GRACE = { min: 1, max: 24 * 60 };
const DEFAULT_GRACE = 15;

const graceField: INodeProperties = {
	displayName: 'Wait for Messages (Minutes)',
	name: 'graceMinutes',
	type: 'number',
	typeOptions: { minValue: GRACE.min, maxValue: GRACE.max },
	default: DEFAULT_GRACE,
	description:
		'How old an object must be before a poll emits it: until then its message may still come. Younger ones are left to the next poll.',
};

/** What is watched by a queue and by polls. */
export const bothFields: INodeProperties[] = updateDisplayOptions({ show: { watch: ['both'] } }, [
	{
		displayName:
			'Messages start the workflow as soon as they come. Polls find the objects whose message was lost: for that, once an hour is enough in Poll Times.',
		name: 'bothNotice',
		type: 'notice',
		default: '',
	},
	bucketField,
	prefixField,
	queueUrlField,
	withoutLater(acknowledgeField),
	requestsField,
	optionsField(
		...watching.fields.filter(({ name }) => name !== 'minAge'),
		graceField,
		...queueEndpoint.fields,
		...queueOptions,
		...caller.fields,
	),
]);

/** Polls give no message that another node could acknowledge. */
function withoutLater(field: INodeProperties): INodeProperties {
	const options = field.options?.filter(
		(option) => !('value' in option && option.value === 'later'),
	);
	return { ...field, ...(options && { options }) };
}

/**
 * Seconds that an object must be old for.
 *
 * @throws {S3Failure} of kind `invalid` when it cannot be used
 */
export const readGrace = (source: ParameterSource): number =>
	60 * (readNumber(source, 'options.graceMinutes', GRACE) ?? DEFAULT_GRACE);

/**
 * How the queue is watched: events are meant that polls could have found, too.
 *
 * @throws {S3Failure} of kind `invalid` when a field cannot be used
 */
export function readQueueOfBoth(source: ParameterSource, connection: Connection): QueueSettings {
	const settings = readQueueSettings(source, ['immediately', 'whenFinished', 'whenSucceeded']);
	const prefix = watchedPrefix(source) ?? '';
	const bucket = bucketOf(source, connection);
	const isMeant = (event: ObjectEvent) =>
		event.change === 'created' && event.key.startsWith(prefix) && settings.isMeant(event);
	// Events have the name of the bucket, also if it is listed by another one.
	return { ...settings, isMeant, ...(bucketKindOf(bucket) === 'general' && { bucket }) };
}

/** The item of an object that a poll has found, which can be told from those of events. */
export const foundBeside = (object: ListedObject): IDataObject => ({
	...object,
	change: 'created',
	sender: 'poll',
});
