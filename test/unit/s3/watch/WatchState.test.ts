import { readState } from '../../../../s3/watch/WatchState';

const scan = {
	begun: 9,
	after: 'm',
	floor: 6,
	seen: 'met',
	uploads: null,
	passed: 'p',
	waiting: 3,
};
const window = {
	floor: 5,
	seen: 'seen',
	gone: 'gone',
	uploads: 'open',
	beginning: 4,
	pattern: '*.csv',
	outside: { pattern: '*.pdf', beginning: 0 },
	scan,
};
const last = { by: 'one', at: 8, ids: 'ids', after: 'k', beginning: 7 };
const state = { version: 1, of: 'this', window, growing: { after: 'k', beginning: 7 }, last };

const OPTIONAL = [
	...['window', 'growing', 'last', 'window.gone', 'window.uploads', 'window.beginning'],
	...['window.pattern', 'window.outside', 'window.scan', 'window.scan.uploads'],
	...['window.scan.passed', 'window.scan.waiting', 'growing.beginning', 'last.after'],
	'last.beginning',
];
const NEEDED = [
	...['version', 'of', 'window.floor', 'window.seen', 'window.outside.pattern'],
	...['window.outside.beginning', 'window.scan.begun', 'window.scan.after', 'window.scan.floor'],
	...['window.scan.seen', 'growing.after', 'last.by', 'last.at', 'last.ids'],
];

/** The state with another value at a path; undefined takes it away. */
function changed(path: string, value: unknown): unknown {
	const copy = structuredClone(state) as Record<string, unknown>;
	const names = path.split('.');
	const name = names.pop()!;
	let fields = copy;
	for (const one of names) fields = fields[one] as Record<string, unknown>;
	if (value === undefined) Reflect.deleteProperty(fields, name);
	else fields[name] = value;
	return copy;
}

describe('what is read of what n8n has stored', () => {
	it('a state of the same prefix is taken as it is', () => {
		expect(readState(state, 'this').state).toBe(state);
	});

	it.each([undefined, null])('%s is the first poll', (stored) => {
		expect(readState(stored, 'this')).toEqual({ state: undefined });
	});

	it('a state of another prefix is left out without a word', () => {
		expect(readState(state, 'that')).toEqual({ state: undefined });
	});

	it.each(OPTIONAL)('a state without %s is one', (path) => {
		const stored = changed(path, undefined);
		expect(readState(stored, 'this')).toEqual({ state: stored });
	});

	it.each(NEEDED)('a state without %s cannot be read', (path) => {
		const { state: read, warning } = readState(changed(path, undefined), 'this');
		expect([read, warning]).toEqual([undefined, expect.stringContaining('cannot be read')]);
	});

	it.each([...OPTIONAL, ...NEEDED])('a state with a list for %s cannot be read', (path) => {
		const { state: read, warning } = readState(changed(path, [1]), 'this');
		expect([read, warning]).toEqual([undefined, expect.stringContaining('cannot be read')]);
	});
});
