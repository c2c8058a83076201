import { readRecord } from '../../../../s3/events/notificationRecord';

const s3 = { bucket: { name: 'bucket' }, object: { key: 'a+b' } };

it('a record tells as much as it has', () => {
	expect(readRecord({ eventName: 'ObjectCreated:Put', s3 })).toEqual({
		bucket: 'bucket',
		key: 'a b',
		change: 'created',
		event: 'ObjectCreated:Put',
		sender: 'other',
	});
});

it.each([
	['the name of the event', { s3 }],
	['the bucket', { eventName: 'ObjectCreated:Put', s3: { object: s3.object } }],
	['the key', { eventName: 'ObjectCreated:Put', s3: { bucket: s3.bucket, object: 'key' } }],
])('a record without %s is not one', (_, record) => {
	expect(readRecord(record)).toBeUndefined();
});
