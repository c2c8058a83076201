import { compareSequencers } from '../../../../s3/events/sequencer';

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
