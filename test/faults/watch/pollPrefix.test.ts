import { pollPrefix } from '../../../s3/watch/pollPrefix';
import type { PollTerms, WatchState } from '../../../s3/watch/pollPrefix';
import { withConnection } from '../../servers/withServer';
import { watching } from './watching';

const bucket = 'prefix';
const server = withConnection({ bucketsOfEachTest: [bucket] });

afterEach(() => server.setClock(0));

const put = (...keys: string[]) => server.store.putMany(bucket, keys);
async function poll(state: WatchState | undefined, more = {}, terms: Partial<PollTerms> = {}) {
	const found = await pollPrefix(server.s3, { ...watching(bucket), ...more }, state, {
		by: 'one',
		isStart: false,
		isTimeOver: () => false,
		call: { signal: undefined },
		...terms,
	});
	const stored = JSON.parse(JSON.stringify(found.state)) as WatchState;
	return { ...found, state: stored, keys: found.objects.map(({ key }) => key) };
}

describe.each([false, true])('a prefix whose keys grow: %s', (growing) => {
	const order = growing ? 'growing' : 'any';

	it(`the last batch is emitted again if n8n was killed with it, keys in ${order} order`, async () => {
		const { state } = await poll(undefined, { growing });
		put('a', 'b');
		const batch = await poll(state, { growing, maxObjects: 1 });
		expect(batch.keys).toEqual(['a']);
		const restarted = { by: 'two', isStart: true };
		expect((await poll(batch.state, { growing }, restarted)).keys).toEqual(['a', 'b']);
		expect((await poll(batch.state, { growing })).keys).toEqual(['b']);
	});

	it(`the first batch of all is emitted again if n8n was killed with it, keys in ${order} order`, async () => {
		put('a', 'b');
		const more = { growing, existing: true };
		const batch = await poll(undefined, { ...more, maxObjects: 1 });
		expect(batch.keys).toEqual(['a']);
		const restarted = { by: 'two', isStart: true };
		expect((await poll(batch.state, more, restarted)).keys).toEqual(['a', 'b']);
	});

	it(`the last batch is not emitted again later, keys in ${order} order`, async () => {
		const { state } = await poll(undefined, { growing });
		put('a');
		const batch = await poll(state, { growing });
		server.setClock(11 * 60);
		expect((await poll(batch.state, { growing }, { by: 'two', isStart: true })).keys).toEqual([]);
	});

	it(`the last batch is not emitted again where it is stored with the state, keys in ${order} order`, async () => {
		const { state } = await poll(undefined, { growing });
		put('a');
		const batch = await poll(state, { growing }, { by: undefined });
		const restarted = { by: undefined, isStart: true };
		expect((await poll(batch.state, { growing }, restarted)).keys).toEqual([]);
	});

	it(`a poll that finds nothing leaves the state as it is, keys in ${order} order`, async () => {
		put('a');
		const { state } = await poll(undefined, { growing });
		const second = await poll(state, { growing });
		expect((await poll(second.state, { growing })).state).toEqual(second.state);
	});

	it(`what is there at the beginning is emitted if it is asked for, keys in ${order} order`, async () => {
		put('a');
		const first = await poll(undefined, { growing, existing: true });
		expect(first.keys).toEqual(['a']);
		expect((await poll(first.state, { growing, existing: true })).keys).toEqual([]);
	});
});

it('another prefix begins anew, another pattern goes on', async () => {
	put('in/a', 'out/a');
	const { state } = await poll(undefined, { prefix: 'in/' });
	put('in/b.txt', 'in/c.pdf', 'out/b');
	expect((await poll(state, { prefix: 'out/' })).keys).toEqual([]);
	expect((await poll(state, { prefix: 'in/', keyMatches: '**.pdf' })).keys).toEqual(['in/c.pdf']);
});

it('nothing old is emitted with the last batch again, also if it came while that was being read past', async () => {
	put(...Array.from({ length: 2500 }, (_, n) => `old/${String(n).padStart(4, '0')}`));
	const begun = await poll(undefined, { growing: true }, { isTimeOver: () => true });
	put('old/0999a', 'z');
	const soon = new Date(1000 * ((begun.state.growing?.beginning ?? 0) + 1));
	for (const key of ['old/0999a', 'z']) server.store.bucket(bucket).get(key)!.lastModified = soon;
	const batch = await poll(begun.state, { growing: true });
	expect(batch.keys).toEqual(['old/0999a', 'z']);
	const restarted = { by: 'two', isStart: true };
	expect((await poll(batch.state, { growing: true }, restarted)).keys).toEqual(batch.keys);
});

describe('another pattern', () => {
	/** Puts objects that are younger than what was there at a poll. */
	function putLater(...keys: string[]): void {
		put(...keys);
		for (const key of keys) {
			server.store.bucket(bucket).get(key)!.lastModified = new Date(Date.now() + 5000);
		}
	}
	const csv = { keyMatches: '**.csv' };

	it('what another pattern has left out is old if it was there, and new if it came after that', async () => {
		put('a.csv', 'b.pdf');
		const { state } = await poll(undefined, csv);
		put('c.csv');
		const wider = await poll(state);
		expect(wider.keys).toEqual(['c.csv']);
		putLater('d.pdf');
		expect((await poll(wider.state)).keys).toEqual(['d.pdf']);
	});

	it('a pattern that is changed and changed back repeats nothing', async () => {
		put('a.csv', 'b.pdf');
		const { state } = await poll(undefined);
		put('c.pdf');
		const all = await poll(state);
		let narrow = await poll(all.state, csv);
		narrow = await poll(narrow.state, csv);
		expect([...all.keys, ...narrow.keys]).toEqual(['c.pdf']);
		const wide = await poll(narrow.state);
		expect([...wide.keys, ...(await poll(wide.state)).keys]).toEqual([]);
	});

	it('what another pattern has left out is old, also if that takes several polls', async () => {
		const keys = Array.from({ length: 2500 }, (_, n) => `${String(n).padStart(4, '0')}.pdf`);
		put('0000.csv', ...keys);
		const { state } = await poll(undefined, csv);
		put('9999.csv');
		const slow = { isTimeOver: () => true };
		let found = await poll(state, {}, slow);
		const all = [...found.keys];
		expect(found.state.window?.scan?.after).toBe('0998.pdf');
		putLater('0000a.pdf', '9999.pdf');
		for (let n = 0; n < 4; n++) {
			found = await poll(found.state, {}, slow);
			all.push(...found.keys);
		}
		expect(all.sort()).toEqual(['0000a.pdf', '9999.csv', '9999.pdf']);
		expect(found.state.window).not.toHaveProperty('outside');
	});

	it('another pattern in the middle of a scan meets the keys before again', async () => {
		const keys = Array.from({ length: 2500 }, (_, n) => `${String(n).padStart(4, '0')}.pdf`);
		put('0000.csv', ...keys);
		const { state } = await poll(undefined, csv);
		const slow = { isTimeOver: () => true };
		let found = await poll(state, { keyMatches: '**.pdf' }, slow);
		const all = [...found.keys];
		for (let n = 0; n < 5; n++) {
			found = await poll(found.state, {}, slow);
			all.push(...found.keys);
		}
		expect(all).toEqual([]);
	});

	it('what another pattern has left out is emitted if existing objects are asked for', async () => {
		put('a.csv', 'b.pdf');
		const { state, keys } = await poll(undefined, { ...csv, existing: true });
		expect(keys).toEqual(['a.csv']);
		expect((await poll(state, { existing: true })).keys).toEqual(['b.pdf']);
	});
});

describe('what n8n has stored', () => {
	it.each<[string, unknown]>([
		['a text', 'garbage'],
		['a list', []],
		['a newer version', { version: 2 }],
		['no state', {}],
		['a window without numbers', { version: 1, of: '', window: { floor: 'x', seen: '' } }],
		['a window without objects', { version: 1, of: '', window: { floor: 0 } }],
		['half a scan', { version: 1, of: '', window: { floor: 0, seen: '', scan: { after: '' } } }],
		['a batch without keys', { version: 1, of: '', last: { by: 'one', at: 1 } }],
		['keys that grow from nowhere', { version: 1, of: '', growing: {} }],
		['no time', { version: 1, of: '', growing: { after: '', beginning: true } }],
	])('a poll that was left %s begins anew, and says so', async (_, stored) => {
		put('a');
		const found = await poll(stored as WatchState);
		expect(found.warnings).toEqual([expect.stringContaining('cannot be read')]);
		put('b');
		const next = await poll(found.state);
		expect([next.keys, next.warnings]).toEqual([['b'], []]);
	});

	it('a state whose objects were cut off repeats some of them and loses nothing', async () => {
		put('a', 'b');
		const { state } = await poll(undefined);
		const { window } = state;
		put('c');
		const cut = { ...state, window: { ...window!, seen: window!.seen.slice(0, 21) } };
		expect((await poll(cut)).keys).toContain('c');
	});
});
