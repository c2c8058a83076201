import type { IDataObject } from 'n8n-workflow';

import { EventsAndPolls } from '../../../../nodes/AmazonS3Trigger/EventsAndPolls';
import { objectAt } from '../../s3/watch/objectAt';

const listed = (key: string, seconds = 1000) => objectAt(key, seconds);
const event = (key: string, seconds = 1000) => ({
	key,
	etag: 'e',
	size: 1,
	time: new Date(seconds * 1000).toISOString(),
});
/** Data as the older engine of n8n has them: they know whether they have changed. */
function dataOfWorkflow(content: IDataObject = {}): IDataObject {
	Object.defineProperty(content, '__dataChanged', { value: false, writable: true });
	return content;
}
/** What was begun with data of n8n, at a time in milliseconds that a test sets. */
function sharedWith(data: IDataObject) {
	const time = { ms: 0 };
	const shared = new EventsAndPolls(() => time.ms);
	shared.beginPoll(data, 'null');
	return { shared, time };
}

it('nodes of the same name and ID in two workflows know nothing of each other', () => {
	const node = { id: 'node', name: 'name' };
	const ofWorkflow = (id: string) =>
		EventsAndPolls.of({ getNode: () => node, getWorkflow: () => ({ id }) } as never);
	expect(ofWorkflow('one')).toBe(ofWorkflow('one'));
	expect(ofWorkflow('one')).not.toBe(ofWorkflow('two'));
});

it('a poll emits nothing whose event came while it was listing, and events know of the rest', () => {
	const { shared } = sharedWith({});
	shared.writes.take(event('a'));
	expect(shared.endPoll([listed('a'), listed('b')], 2000).map(({ key }) => key)).toEqual(['b']);
	expect(shared.writes.take(event('b'))).toBe(false);
	expect(shared.writes.take(event('a'))).toBe(true);
});

it('what events have told of is forgotten only when a state is stored that has it', () => {
	const { shared } = sharedWith({});
	shared.writes.take(event('a'));
	const lastNote = shared.beginPoll({}, 'null');
	shared.writes.take(event('b'));
	shared.forgetLater('state', lastNote, 1121);
	shared.beginPoll({}, 'another state');
	expect(shared.writes.wasTold(listed('a'))).toBe(true);
	shared.beginPoll({}, 'state');
	const isTold = (key: string) => shared.writes.wasTold(listed(key));
	expect(['a', 'b'].map(isTold)).toEqual([false, true]);
});

it('what is known is in the data of a poll, and comes back from there', () => {
	const data = dataOfWorkflow();
	const { shared } = sharedWith(data);
	shared.writes.take(event('a'));
	shared.storeWithPoll(data);
	const stored = data.writes;
	shared.storeWithPoll(data);
	expect(data.writes).toBe(stored);
	const { shared: other } = sharedWith(JSON.parse(JSON.stringify(data)) as IDataObject);
	expect(other.writes.wasTold(listed('a'))).toBe(true);
});

it.each([null, 'text', [], {}, { told: '', found: 5 }])(
	'what cannot be read of what n8n has stored is left out: %j',
	(writes) => {
		const { shared } = sharedWith({ writes: writes });
		shared.writes.take(event('a'));
		expect(shared.writes.wasTold(listed('a'))).toBe(true);
	},
);

it('events have n8n store a little each time, and much only now and then', () => {
	const data = dataOfWorkflow({ state: 'x'.repeat(1000) });
	const { shared, time } = sharedWith(data);
	const isStored = (key: string) => {
		const { writes } = data;
		shared.writes.take(event(key));
		shared.storeWithEvent(data);
		return data.writes !== writes;
	};
	expect(['a', 'b', 'c'].map(isStored)).toEqual([true, true, true]);
	data.state = 'x'.repeat(232_000);
	expect(isStored('d')).toBe(true);
	time.ms = 9900;
	expect(isStored('e')).toBe(false);
	time.ms = 11_000;
	expect(isStored('f')).toBe(true);
});

it('what is stored of a trigger never has more than 400,000 characters', () => {
	const data = dataOfWorkflow({ state: 'x'.repeat(380_000) });
	const { shared } = sharedWith(data);
	for (let n = 0; n < 20_000; n++) shared.writes.take(event(String(n)));
	shared.storeWithPoll(data);
	const size = JSON.stringify(data).length;
	expect(size).toBeLessThan(400_000);
	expect(size).toBeGreaterThan(398_000);
});

it.each<[string, boolean, (data: IDataObject) => IDataObject | undefined, IDataObject]>([
	['that polls have, too', true, (data) => data, { state: 's' }],
	['if polls have a cursor', true, () => ({}), { state: 's' }],
	['if polls have others of the workflow', false, () => dataOfWorkflow(), { state: 's' }],
	['before the first poll if they have a state', false, () => undefined, { state: 's' }],
	['before the first poll if they have none', true, () => undefined, {}],
])('events store data %s: %p', (_, is, polled, content) => {
	const data = dataOfWorkflow(content);
	const shared = new EventsAndPolls();
	const ofPoll = polled(data);
	if (ofPoll !== undefined) shared.beginPoll(ofPoll, 'null');
	shared.writes.take(event('a'));
	shared.storeWithEvent(data);
	expect('writes' in data).toBe(is);
});
