import { readEventBridge } from '../../../../s3/events/eventBridge';

it('an event of EventBridge tells as much as it has', () => {
	const detail = { bucket: { name: 'bucket' }, object: { key: 'a+b' } };
	expect(readEventBridge({ 'detail-type': 'Object Created', detail })).toEqual({
		bucket: 'bucket',
		key: 'a+b',
		change: 'created',
		event: 'Object Created',
		sender: 'eventBridge',
	});
	expect(readEventBridge({ 'detail-type': 5, detail })).toBeUndefined();
});
