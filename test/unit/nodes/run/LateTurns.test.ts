import { LateTurns } from '../../../../nodes/run/LateTurns';

const settled = () => new Promise(setImmediate);

/** Notes in which order turns begin. */
function noting(maxWait?: number) {
	const turns = new LateTurns(maxWait);
	const begun: number[] = [];
	const take = (index: number, target: string) =>
		turns.take(index, target).then(() => begun.push(index));
	return { turns, begun, take };
}

it('items that write to the same thing take turns in their order, whichever of them finds out first', async () => {
	const { turns, begun, take } = noting();
	for (const index of [0, 1, 2]) turns.announce(index);
	const all = [take(2, 'a'), take(1, 'a')];
	await settled();
	expect(begun).toEqual([]);
	all.push(take(0, 'a'));
	await settled();
	expect(begun).toEqual([0]);
	for (const index of [0, 1, 2]) {
		turns.end(index);
		await settled();
	}
	await Promise.all(all);
	expect(begun).toEqual([0, 1, 2]);
	expect([turns.repetitions, turns.outOfOrder]).toEqual([2, 0]);
});

it('an item goes on when those before it write to something else, or have failed', async () => {
	const { turns, begun, take } = noting();
	for (const index of [0, 1, 2]) turns.announce(index);
	void take(2, 'a');
	void take(0, 'b');
	turns.end(1);
	await settled();
	expect(begun.sort()).toEqual([0, 2]);
});

it('an item that writes to several things waits for all of them, and they wait for it', async () => {
	const { turns, begun, take } = noting();
	turns.announce(0);
	void turns.take(1, 'a', 'b').then(() => begun.push(1));
	void take(2, 'b');
	await settled();
	expect(begun).toEqual([]);
	void take(0, 'a');
	await settled();
	expect(begun).toEqual([0]);
	turns.end(0);
	await settled();
	expect(begun).toEqual([0, 1]);
	turns.end(1);
	await settled();
	expect([begun, turns.repetitions]).toEqual([[0, 1, 2], 2]);
});

it('an item does not wait for ever, and one that comes too late is counted', async () => {
	const { turns, begun, take } = noting(10);
	turns.announce(0);
	turns.announce(1);
	await take(1, 'a');
	turns.end(1);
	await take(0, 'a');
	expect(begun).toEqual([1, 0]);
	expect(turns.outOfOrder).toBe(1);
});
