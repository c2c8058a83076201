import type { ObjectEvent } from '../../../../s3/events/ObjectEvent';
import { compareSequencers, inOrder } from '../../../../s3/events/sequencer';

it.each([
	['0055AED6DCD90281E5', '0055AED6DCD90281E6', -1],
	['0055AED6DCD90281E6', '0055AED6DCD90281E5', 1],
	['0055AED6DCD90281E5', '0055aed6dcd90281e5', 0],
	// The shorter one is filled with zeros on the right.
	['005F', '005F00', 0],
	['005F', '005F01', -1],
	['0060', '005F01', 1],
])(
	'of the sequencers %s and %s, the first is before, at or after the second: %d',
	(one, other, order) => {
		expect(compareSequencers(one, other)).toBe(order);
	},
);

it('the events of each key are put into their order, and all others stay where they are', () => {
	const event = (key: string, sequencer?: string): ObjectEvent => ({
		bucket: 'bucket',
		key,
		change: 'created',
		event: 'ObjectCreated:Put',
		sender: 's3',
		...(sequencer === undefined ? {} : { sequencer }),
	});
	const mixed = [
		event('a', '03'),
		event('b', '01'),
		event('a'),
		event('a', '01'),
		event('a', '02'),
	];
	expect(
		inOrder(mixed, (one) => one).map(({ key, sequencer }) => `${key}${sequencer ?? ''}`),
	).toEqual(['a01', 'b01', 'a', 'a02', 'a03']);
});
