import { rewound, withPattern } from '../../../../s3/watch/WindowState';
import type { WindowState } from '../../../../s3/watch/WindowState';

const state: WindowState = { floor: 5, seen: 'seen', pattern: '*.csv' };
const scan = { begun: 9, after: 'm', floor: 6, seen: 'met' };

describe('a window whose scan is rewound', () => {
	it('a window without a scan stays as it is', () => {
		expect(rewound(state)).toBe(state);
	});

	it('a scan begins at the first key again and knows how far it was', () => {
		const once = rewound({ ...state, scan });
		expect(once).toEqual({ ...state, scan: { ...scan, after: '', passed: 'm' } });
		const further = { ...scan, passed: 'm', after: 'z' };
		expect(rewound({ ...state, scan: further }).scan?.passed).toBe('z');
		const notSoFar = { ...scan, passed: 'm', after: 'b' };
		expect(rewound({ ...state, scan: notSoFar }).scan?.passed).toBe('m');
	});
});

describe('a window whose keys have to match another pattern', () => {
	it('the same pattern changes nothing', () => {
		expect(withPattern({ ...state, scan }, '*.csv', false)).toEqual({ ...state, scan });
	});

	it('what the pattern before has left out counts as old, unless what was there is wanted', () => {
		expect(withPattern({ ...state, scan }, '*.pdf', false)).toEqual({
			...state,
			pattern: '*.pdf',
			outside: { pattern: '*.csv', beginning: 0 },
			scan: { ...scan, after: '', passed: 'm' },
		});
		expect(withPattern(state, '*.pdf', true)).toEqual({ ...state, pattern: '*.pdf' });
	});

	it('without a pattern before nothing was left out, and without one now all keys are known', () => {
		const { pattern, ...ofAll } = state;
		expect(withPattern(ofAll, pattern, false)).toEqual(state);
		expect(withPattern(state, undefined, false)).toEqual({
			...ofAll,
			outside: { pattern, beginning: 0 },
		});
	});

	it('a pattern that changes before a scan is complete leaves out what the first one did', () => {
		const once = withPattern(state, '*.pdf', false);
		expect(withPattern(once, '*.txt', false).outside).toEqual({ pattern: '*.csv', beginning: 0 });
	});
});
