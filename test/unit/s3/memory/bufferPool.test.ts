import { MemoryBudget } from '../../../../s3/memory/MemoryBudget';
import { recycle, reuse } from '../../../../s3/memory/bufferPool';

const MiB = 1024 * 1024;

const buffers = (count: number, size: number) =>
	Array.from({ length: count }, () => Buffer.allocUnsafeSlow(size));

/** What is kept of this size, in the order in which it is lent. */
function taken(size: number): Buffer[] {
	const found: Buffer[] = [];
	for (let next = reuse(size); next !== undefined; next = reuse(size)) found.push(next);
	return found;
}

afterEach(() => jest.useRealTimers());

describe('memory of transfers that have ended', () => {
	it('goes to the next one, over whatever connection, and never to two', async () => {
		const first = await new MemoryBudget(100 * MiB).acquireBuffer(3 * MiB);
		first.release();
		const second = await new MemoryBudget(100 * MiB).acquireBuffer(3 * MiB);
		const third = await new MemoryBudget(100 * MiB).acquireBuffer(3 * MiB);
		expect(second.buffer).toBe(first.buffer);
		expect(third.buffer).not.toBe(first.buffer);
	});

	it('stays with its budget as long as anything of that is in use', async () => {
		const budget = new MemoryBudget(100 * MiB);
		const used = await budget.acquireBuffer(1);
		(await budget.acquireBuffer(3 * MiB)).release();
		expect(reuse(3 * MiB)).toBeUndefined();
		used.release();
		expect(reuse(3 * MiB)).toBeDefined();
	});

	it('is lent only where it has the wanted size', () => {
		recycle(buffers(1, 3 * MiB));
		expect(reuse(2 * MiB)).toBeUndefined();
		expect(reuse(3 * MiB)).toBeDefined();
	});

	it('is 32 MiB at most, the newest', () => {
		const [older, newer] = [buffers(3, 8 * MiB), buffers(3, 8 * MiB)];
		recycle(older);
		recycle(newer);
		const kept = taken(8 * MiB);
		expect(kept).toHaveLength(4);
		expect(kept.slice(0, 3).every((buffer, i) => buffer === newer[i])).toBe(true);
		expect(kept[3]).toBe(older[0]);
	});

	it('is not kept in pieces below 1 MiB', () => {
		recycle(buffers(2, MiB - 1));
		expect(taken(MiB - 1)).toHaveLength(0);
	});

	it('is given up a minute after the last of it came', () => {
		jest.useFakeTimers();
		recycle(buffers(1, 2 * MiB));
		jest.advanceTimersByTime(59_000);
		recycle(buffers(1, 3 * MiB));
		jest.advanceTimersByTime(59_000);
		expect(reuse(2 * MiB)).toBeDefined();
		recycle(buffers(1, 1));
		jest.advanceTimersByTime(1000);
		expect(reuse(3 * MiB)).toBeUndefined();
	});

	it('keeps no process from ending', () => {
		const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
		const before = timers().length;
		recycle(buffers(1, MiB));
		expect(timers()).toHaveLength(before);
		expect(reuse(MiB)).toBeDefined();
	});
});
