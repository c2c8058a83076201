import type { ObjectEvent } from '../../../../s3/events/ObjectEvent';
import { inOrder } from '../../../../s3/events/sequencer';

const event = (key: string, sequencer?: string): ObjectEvent => ({
	bucket: 'bucket',
	key,
	change: 'created',
	event: 'ObjectCreated:Put',
	sender: 's3',
	...(sequencer === undefined ? {} : { sequencer }),
});
const ordered = (...events: ObjectEvent[]) =>
	inOrder(events, (one) => one).map(({ key, sequencer }) => `${key}${sequencer ?? ''}`);

it.each([
	['0055AED6DCD90281E5', '0055AED6DCD90281E6'],
	['0055AED6DCD90281E5', '0055aed6dcd90281e6'],
	// The shorter one is filled with zeros on the right.
	['005F', '005F01'],
	['005F01', '0060'],
])(
	'of two events of a key, the one with the sequencer %s is before the one with %s',
	(one, other) => {
		const inTime = [`k${one}`, `k${other}`];
		expect(ordered(event('k', one), event('k', other))).toEqual(inTime);
		expect(ordered(event('k', other), event('k', one))).toEqual(inTime);
	},
);

it.each([
	['0055AED6', '0055aed6'],
	['005F00', '005F'],
])('the sequencers %s and %s are the same', (one, other) => {
	expect(ordered(event('k', one), event('k', other))).toEqual([`k${one}`, `k${other}`]);
	expect(ordered(event('k', other), event('k', one))).toEqual([`k${other}`, `k${one}`]);
});

it('the events of each key are put into their order, and all others stay where they are', () => {
	const mixed = [
		event('a', '03'),
		event('b', '01'),
		event('a'),
		event('a', '01'),
		event('a', '02'),
	];
	expect(ordered(...mixed)).toEqual(['a01', 'b01', 'a', 'a02', 'a03']);
});
