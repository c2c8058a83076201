import {
	bothFields,
	foundBeside,
	readGrace,
	readQueueOfBoth,
} from '../../../../nodes/AmazonS3Trigger/bothFields';
import type { Connection } from '../../../../s3/Connection';
import type { ObjectEvent } from '../../../../s3/events/ObjectEvent';
import { failureOf } from '../../failureOf';
import { sourceOf } from '../parameters/sourceOf';

const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/uploads';
const connection = { bucket: 'of-the-credential' } as Connection;
const read = (values: Record<string, unknown> = {}) =>
	readQueueOfBoth(sourceOf({ queueUrl, ...values }), connection);
const event = (key: string, more: Partial<ObjectEvent> = {}): ObjectEvent => ({
	bucket: 'b',
	key,
	change: 'created',
	event: 'e',
	sender: 's3',
	...more,
});

it('a poll waits for messages as the form says when it is new, or as the option says', () => {
	expect(readGrace(sourceOf({}))).toBe(15 * 60);
	expect(readGrace(sourceOf({ 'options.graceMinutes': 2 }))).toBe(120);
	const grace = { 'options.graceMinutes': 0 };
	expect(failureOf(() => readGrace(sourceOf(grace))).kind).toBe('invalid');
	const options = bothFields.find(({ name }) => name === 'options')?.options ?? [];
	const field = options.find(({ name }) => name === 'graceMinutes');
	expect(field).toMatchObject({ default: 15 });
});

it('events are meant that a poll could have found, too', () => {
	const { isMeant } = read({ prefix: 'in/', 'options.keyMatches': '**.pdf' });
	expect(isMeant(event('in/a.pdf'))).toBe(true);
	expect(isMeant(event('in/a.txt'))).toBe(false);
	expect(isMeant(event('out/a.pdf'))).toBe(false);
	for (const change of ['deleted', 'restored', 'other'] as const) {
		expect(isMeant(event('in/a.pdf', { change }))).toBe(false);
	}
});

it('messages are of the bucket that is listed, unless events have another name for it', () => {
	expect(read().bucket).toBe('of-the-credential');
	expect(read({ bucket: 'mine' }).bucket).toBe('mine');
	expect(read({ bucket: 'mine-a1b2c3-s3alias' }).bucket).toBeUndefined();
});

it('no other node can acknowledge, as objects that a poll finds have no message', () => {
	const acknowledge = bothFields.find(({ name }) => name === 'acknowledge');
	const values = acknowledge?.options?.map((option) => 'value' in option && option.value);
	expect(values).toEqual(['immediately', 'whenFinished', 'whenSucceeded']);
	expect(failureOf(() => read({ acknowledge: 'later' })).kind).toBe('invalid');
	expect(read().acknowledge).toBe('whenSucceeded');
});

it('the fields of both are shown for both only, and few of them at first', () => {
	for (const { displayOptions } of bothFields) {
		expect(displayOptions?.show?.watch).toEqual(['both']);
	}
	const shown = bothFields.filter(({ type }) => type !== 'notice' && type !== 'collection');
	expect(shown.map(({ name }) => name)).toEqual([
		'bucket',
		'prefix',
		'queueUrl',
		'acknowledge',
		'requests',
	]);
});

it('an object that a poll has found can be told from that of an event', () => {
	const object = {
		bucket: 'b',
		key: 'k',
		size: 1,
		etag: 'e',
		lastModified: 'l',
		storageClass: 's',
	};
	expect(foundBeside(object)).toEqual({ ...object, change: 'created', sender: 'poll' });
});
