import { eventFilter } from '../../../../nodes/parameters/eventFilter';
import type { ObjectEvent } from '../../../../s3/events/ObjectEvent';
import { failureOf } from '../../failureOf';
import { sourceOf } from './sourceOf';

const event = (change: ObjectEvent['change'], key = 'incoming/a.pdf'): ObjectEvent => ({
	bucket: 'bucket',
	key,
	change,
	event: 'an event',
	sender: 's3',
});
const read = (options: Record<string, unknown> = {}) =>
	eventFilter.read(
		sourceOf(
			Object.fromEntries(
				Object.entries(options).map(([name, value]) => [`options.${name}`, value]),
			),
		),
	);

it.each([{}, { events: [] }, { events: '' }])(
	'without kinds of events (%p) all are meant',
	(options) => {
		expect((['created', 'other'] as const).map((change) => read(options)(event(change)))).toEqual([
			true,
			true,
		]);
	},
);

it.each([{ events: ['created', 'restored'] }, { events: 'created' }])(
	'only the kinds of events that were chosen are meant: %p',
	(options) => {
		expect(read(options)(event('created'))).toBe(true);
		expect(read(options)(event('deleted'))).toBe(false);
	},
);

it('only keys that have the prefix and match the pattern are meant', () => {
	const isMeant = read({ prefix: 'incoming/', keyMatches: '**.pdf' });
	const keys = ['incoming/a.pdf', 'incoming/a.txt', 'other/a.pdf'];
	expect(keys.map((key) => isMeant(event('created', key)))).toEqual([true, false, false]);
});

it('a kind of event that there is not is refused', () => {
	expect(failureOf(() => read({ events: ['painted'] })).message).toBe(
		'Events must be some of created, deleted, restored, other',
	);
});

it.each(['prefix', 'keyMatches'])(
	'an expression for %s that gives nothing is refused, as it would let through everything',
	(name) => {
		const source = { ...sourceOf({}), entered: () => '={{ $json.nothing }}' };
		const one = {
			...source,
			entered: (path: string) => (path.endsWith(name) ? '={{ $json.nothing }}' : undefined),
		};
		expect(failureOf(() => eventFilter.read(one)).message).toContain('gave nothing');
	},
);
