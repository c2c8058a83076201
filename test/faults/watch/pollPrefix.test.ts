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

it('another prefix begins anew, another filter goes on', async () => {
	put('in/a', 'out/a');
	const { state } = await poll(undefined, { prefix: 'in/' });
	put('in/b.txt', 'in/c.pdf', 'out/b');
	expect((await poll(state, { prefix: 'out/' })).keys).toEqual([]);
	expect((await poll(state, { prefix: 'in/', keyMatches: '**.pdf' })).keys).toEqual(['in/c.pdf']);
});
