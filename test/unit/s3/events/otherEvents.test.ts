import { readB2, readR2 } from '../../../../s3/events/otherEvents';

it('an event of R2 tells as much as it has', () => {
	const event = { action: 'LifecycleDeletion', bucket: 'bucket', object: { key: 'key' } };
	expect(readR2(event)).toEqual({
		bucket: 'bucket',
		key: 'key',
		change: 'deleted',
		event: 'LifecycleDeletion',
		sender: 'r2',
	});
	expect(readR2({ ...event, copySource: { bucket: 'from' } })).not.toHaveProperty('copySource');
});

it('an event of B2 tells as much as it has', () => {
	const event = {
		eventType: 'b2:MultipartUploadCreated:LiveRead',
		bucketName: 'bucket',
		objectName: 'key',
	};
	expect(readB2(event)).toEqual({
		bucket: 'bucket',
		key: 'key',
		change: 'other',
		event: 'MultipartUploadCreated:LiveRead',
		sender: 'b2',
	});
});
