import { MemoryBudget } from '../../../../s3/memory/MemoryBudget';

async function settled(promise: Promise<unknown>): Promise<boolean> {
	let done = false;
	void promise.then(() => (done = true));
	await new Promise(setImmediate);
	return done;
}

describe('a shared budget of bytes', () => {
	it('lends up to its total and no more', async () => {
		const budget = new MemoryBudget(100);
		await budget.reserve(60);
		await budget.reserve(40);
		expect(await settled(budget.reserve(1))).toBe(false);
	});

	it('serves in turn, so that a large request is not passed over for ever', async () => {
		const budget = new MemoryBudget(100);
		const release = await budget.reserve(60);
		const large = budget.reserve(80);
		const small = budget.reserve(10);
		expect(await settled(small)).toBe(false);
		release();
		expect(await settled(large)).toBe(true);
		expect(await settled(small)).toBe(true);
	});

	it('lends more than everything only to one who is alone', async () => {
		const budget = new MemoryBudget(100);
		const release = await budget.reserve(1);
		const huge = budget.reserve(1000);
		expect(await settled(huge)).toBe(false);
		release();
		expect(await settled(huge)).toBe(true);
		expect(await settled(budget.reserve(1))).toBe(false);
	});

	it('lets those go on who waited behind one that has left', async () => {
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

	it('counts what is given back twice only once', async () => {
		const budget = new MemoryBudget(100);
		const release = await budget.reserve(50);
		await budget.reserve(50);
		release();
		release();
		await budget.reserve(50);
		expect(await settled(budget.reserve(1))).toBe(false);
	});

	it('lends the same memory again, but never to two', async () => {
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

	it('keeps no more memory than its total for all who borrow', async () => {
		const budget = new MemoryBudget(100);
		const small = await budget.acquireBuffer(10);
		const large = await budget.acquireBuffer(80);
		large.release();
		// With these, the 80 bytes to spare would be more than all.
		const others = [await budget.acquireBuffer(20), await budget.acquireBuffer(20)];
		for (const { release } of others) release();
		expect((await budget.acquireBuffer(80)).buffer).not.toBe(large.buffer);
		small.release();
	});

	it('keeps no small memory while nobody uses it', async () => {
		const budget = new MemoryBudget(100);
		const first = await budget.acquireBuffer(40);
		first.release();
		expect((await budget.acquireBuffer(40)).buffer).not.toBe(first.buffer);
	});
});
