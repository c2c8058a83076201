import { Turns } from '../../../../nodes/run/Turns';

it('a turn begins when all turns before it on the same thing have ended', async () => {
	const turns = new Turns();
	const begun: string[] = [];
	const [first, second, third] = ['a', 'b', 'c'].map((name) => {
		const turn = turns.take(['same']);
		void turn.begin.then(() => begun.push(name));
		return turn;
	});
	const settle = () => new Promise((resolve) => setImmediate(resolve));
	await settle();
	expect(begun).toEqual(['a']);
	second?.end();
	await settle();
	expect(begun).toEqual(['a', 'c']);
	first?.end();
	await settle();
	expect(begun).toEqual(['a', 'c', 'b']);
	third?.end();
});

it('a turn waits only for those on the same thing, which are counted', async () => {
	const turns = new Turns();
	await turns.take(['a']).begin;
	await turns.take(['b']).begin;
	expect(turns.repetitions).toBe(0);
	turns.take(['a']);
	expect(turns.repetitions).toBe(1);
});

it('a turn on several things waits for all turns before it on any of them, and on itself for none', async () => {
	const turns = new Turns();
	const ends = ['a', 'b'].map((id) => turns.take([id]).end);
	let begun = false;
	const both = turns.take(['a', 'b', 'a']);
	void both.begin.then(() => (begun = true));
	const settle = () => new Promise((resolve) => setImmediate(resolve));
	ends[0]?.();
	await settle();
	expect(begun).toBe(false);
	ends[1]?.();
	await settle();
	expect(begun).toBe(true);
	let after = false;
	void turns.take(['b']).begin.then(() => (after = true));
	await settle();
	expect(after).toBe(false);
	both.end();
	await settle();
	expect(after).toBe(true);
	expect(turns.repetitions).toBe(2);
});

it('a turn that reads waits for a turn that writes before, and a turn that writes then waits for that', async () => {
	const turns = new Turns();
	const begun: string[] = [];
	const take = (name: string, writes: string[], reads: string[]) => {
		const turn = turns.take(writes, reads);
		void turn.begin.then(() => begun.push(name));
		return turn;
	};
	const settle = () => new Promise((resolve) => setImmediate(resolve));
	const first = take('writes', ['a'], []);
	const readers = ['reads', 'reads too'].map((name) => take(name, [], ['a']));
	take('writes again', ['a'], []);
	await settle();
	expect(begun).toEqual(['writes']);
	first.end();
	await settle();
	expect(begun).toEqual(['writes', 'reads', 'reads too']);
	readers[0]?.end();
	await settle();
	expect(begun).toHaveLength(3);
	readers[1]?.end();
	await settle();
	expect(begun).toEqual(['writes', 'reads', 'reads too', 'writes again']);
	expect(turns.repetitions).toBe(1);
});

it('a turn that reads what it writes to does not wait for itself', async () => {
	const turns = new Turns();
	await turns.take(['a'], ['a']).begin;
	expect(turns.repetitions).toBe(0);
});
