import { MemoryBudget } from '../../../../s3/memory/MemoryBudget';

const MiB = 1024 * 1024;

async function settled(promise: Promise<unknown>): Promise<boolean> {
	let done = false;
	void promise.then(() => (done = true));
	await new Promise(setImmediate);
	return done;
}

describe('a shared budget of bytes', () => {
	it('a shared budget of bytes grants up to its total and no more', async () => {
		const budget = new MemoryBudget(100);
		await budget.reserve(60);
		await budget.reserve(40);
		expect(await settled(budget.reserve(1))).toBe(false);
	});

	it('a shared budget of bytes serves in turn, so that a large request is not passed over for ever', async () => {
		const budget = new MemoryBudget(100);
		const release = await budget.reserve(60);
		const large = budget.reserve(80);
		const small = budget.reserve(10);
		expect(await settled(small)).toBe(false);
		release();
		expect(await settled(large)).toBe(true);
		expect(await settled(small)).toBe(true);
	});

	it('a budget is short of memory while somebody waits for it', async () => {
		const budget = new MemoryBudget(100);
		const release = await budget.reserve(100);
		expect(budget.isShort()).toBe(false);
		const waiting = budget.reserve(1);
		expect(budget.isShort()).toBe(true);
		release();
		await waiting;
		expect(budget.isShort()).toBe(false);
	});

	it('a shared budget of bytes grants more than its total only while nothing else is in use', async () => {
		const budget = new MemoryBudget(100);
		const release = await budget.reserve(1);
		const huge = budget.reserve(1000);
		expect(await settled(huge)).toBe(false);
		release();
		expect(await settled(huge)).toBe(true);
		expect(await settled(budget.reserve(1))).toBe(false);
	});

	it('a shared budget of bytes lets those go on that waited after one that was cancelled', async () => {
		const budget = new MemoryBudget(100);
		await budget.reserve(60);
		const controller = new AbortController();
		const large = budget.reserve(80, controller.signal);
		const small = budget.reserve(40);
		controller.abort();
		await expect(large).rejects.toThrow('Stopped');
		expect(await settled(small)).toBe(true);
		await expect(budget.reserve(1, AbortSignal.abort())).rejects.toThrow('Stopped');
	});

	it('a shared budget of bytes counts what is given back twice only once', async () => {
		const budget = new MemoryBudget(100);
		const release = await budget.reserve(50);
		await budget.reserve(50);
		release();
		release();
		await budget.reserve(50);
		expect(await settled(budget.reserve(1))).toBe(false);
	});

	it('a budget gives the same buffer again, but never to two at once', async () => {
		const budget = new MemoryBudget(100);
		const first = await budget.acquireBuffer(40);
		const second = await budget.acquireBuffer(40);
		first.release();
		first.release();
		const third = await budget.acquireBuffer(40);
		const fourth = budget.acquireBuffer(40);
		expect(third.buffer).toBe(first.buffer);
		expect(await settled(fourth)).toBe(false);
		second.release();
		expect((await fourth).buffer).toBe(second.buffer);
	});

	it('a budget keeps no more memory than its total, including what is in use', async () => {
		const budget = new MemoryBudget(100);
		const small = await budget.acquireBuffer(10);
		const large = await budget.acquireBuffer(80);
		large.release();
		// With these, the freed 80 bytes would be more than the total.
		const others = [await budget.acquireBuffer(20), await budget.acquireBuffer(20)];
		for (const { release } of others) release();
		expect((await budget.acquireBuffer(80)).buffer).not.toBe(large.buffer);
		small.release();
	});
});

describe('the pool of all budgets', () => {
	/** Acquires buffers of one size from a new budget. */
	async function hold(count: number, bytes: number) {
		const budget = new MemoryBudget(100 * MiB);
		const held = Array.from({ length: count }, () => budget.acquireBuffer(bytes));
		const acquired = await Promise.all(held);
		return {
			buffers: acquired.map(({ buffer }) => buffer),
			free: () => acquired.forEach(({ release }) => release()),
		};
	}

	const acquired = async (count: number, bytes: number) => (await hold(count, bytes)).buffers;

	async function freed(count: number, bytes: number): Promise<Buffer[]> {
		const { buffers, free } = await hold(count, bytes);
		free();
		return buffers;
	}

	// Each test has a size of its own, as all of them share the pool.
	afterEach(() => jest.useRealTimers());

	it('the pool of all budgets gives a freed buffer to the next budget, and never to two', async () => {
		const [first] = await freed(1, 3 * MiB);
		const [second, third] = await acquired(2, 3 * MiB);
		expect(second).toBe(first);
		expect(third).not.toBe(first);
	});

	it('the pool of all budgets gets the buffers of a budget when none of them is in use any more', async () => {
		const bytes = 3 * MiB + 1;
		const budget = new MemoryBudget(100 * MiB);
		const used = await budget.acquireBuffer(1);
		const large = await budget.acquireBuffer(bytes);
		large.release();
		expect(await acquired(1, bytes)).not.toContain(large.buffer);
		used.release();
		expect((await acquired(1, bytes))[0]).toBe(large.buffer);
	});

	it('the pool of all budgets gives only buffers of the size that is asked for', async () => {
		const bytes = 3 * MiB + 2;
		const [first] = await freed(1, bytes);
		expect((await acquired(1, bytes - 1))[0]).toHaveLength(bytes - 1);
		expect((await acquired(1, bytes))[0]).toBe(first);
	});

	it('the pool of all budgets keeps the newest 32 MiB', async () => {
		const [older, newer] = [await hold(3, 8 * MiB), await hold(3, 8 * MiB)];
		older.free();
		newer.free();
		const kept = await acquired(5, 8 * MiB);
		const expected = [...newer.buffers, older.buffers[0]];
		expect(expected.map((buffer) => kept.indexOf(buffer!))).toEqual([0, 1, 2, 3]);
		expect([...older.buffers, ...newer.buffers]).not.toContain(kept[4]);
	});

	it('the pool of all budgets keeps no buffer below 1 MiB', async () => {
		const [small] = await freed(1, MiB - 1);
		expect((await acquired(1, MiB - 1))[0]).not.toBe(small);
	});

	it('the pool of all budgets is given up a minute after the last buffer was put into it', async () => {
		jest.useFakeTimers();
		const [first] = await freed(1, 2 * MiB);
		jest.advanceTimersByTime(59_000);
		const [second] = await freed(1, 2 * MiB + 1);
		jest.advanceTimersByTime(59_000);
		expect((await acquired(1, 2 * MiB))[0]).toBe(first);
		await freed(1, 1);
		jest.advanceTimersByTime(1000);
		expect((await acquired(1, 2 * MiB + 1))[0]).not.toBe(second);
	});

	it('the pool of all budgets keeps no process from ending', async () => {
		const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
		const before = timers().length;
		const [first] = await freed(1, MiB);
		expect(timers()).toHaveLength(before);
		expect((await acquired(1, MiB))[0]).toBe(first);
	});
});
