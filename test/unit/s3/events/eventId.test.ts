import { eventId } from '../../../../s3/events/eventId';
import type { ObjectEvent } from '../../../../s3/events/ObjectEvent';

const event: ObjectEvent = {
	bucket: 'bucket',
	key: 'key',
	change: 'created',
	event: 'ObjectCreated:Put',
	sender: 's3',
	sequencer: '01',
};

it('an event that is sent twice has one ID, and every other event another one', () => {
	const others = [
		{ bucket: 'other' },
		{ key: 'other' },
		{ sequencer: '02' },
		{ event: 'ObjectRemoved:Delete' },
	].map((more) => eventId({ ...event, ...more }));
	expect(new Set([eventId(event), eventId({ ...event }), ...others]).size).toBe(5);
});

it('an event without a sequencer has an ID by its version or request, and none without these', () => {
	const bare = { ...event, sequencer: undefined } as unknown as ObjectEvent;
	expect(eventId({ ...bare, versionId: 'v' })).not.toBe(eventId({ ...bare, versionId: 'w' }));
	expect(eventId({ ...bare, requestId: 'r' })).toBeDefined();
	expect(eventId(bare)).toBeUndefined();
});
