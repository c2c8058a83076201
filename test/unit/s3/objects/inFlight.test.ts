import { setImmediate as soon } from 'node:timers/promises';
import { inFlight } from '../../../../s3/objects/inFlight';

/** Work that ends when the test says so. */
function heldWork() {
	const begun: number[] = [];
	const end = new Map<number, () => void>();
	const work = async (entry: number): Promise<number> => {
		begun.push(entry);
		await new Promise<void>((resolve) => end.set(entry, resolve));
		return entry * 10;
	};
	return { begun, work, finish: (entry: number) => end.get(entry)?.() };
}

const numbers = Array.from({ length: 10 }, (_, index) => index);

describe('inFlight', () => {
	it('inFlight begins no more work at once than it may, and the next when one has ended', async () => {
		const { begun, work, finish } = heldWork();
		const results = inFlight(numbers, 3, work);
		const first = results.next();
		await soon();
		expect(begun).toEqual([0, 1, 2]);
		finish(1);
		expect((await first).value).toBe(10);
		const second = results.next();
		await soon();
		expect(begun).toEqual([0, 1, 2, 3]);
		finish(3);
		expect((await second).value).toBe(30);
	});

	it('inFlight yields one result for each entry', async () => {
		const results: number[] = [];
		for await (const result of inFlight(numbers, 4, (n) => Promise.resolve(n)))
			results.push(result);
		expect(results.sort()).toEqual(numbers);
	});

	it('inFlight yields nothing for no entries', async () => {
		expect((await inFlight([], 4, (n) => Promise.resolve(n)).next()).done).toBe(true);
	});

	it('inFlight begins no further work when nobody asks for more results', async () => {
		const begun: number[] = [];
		const work = async (n: number) => {
			begun.push(n);
			return await Promise.resolve(n);
		};
		for await (const result of inFlight(numbers, 2, work)) if (result >= 0) break;
		await soon();
		expect(begun).toEqual([0, 1]);
	});

	it('inFlight throws what one work throws', async () => {
		const work = async (n: number): Promise<number> => {
			for (let turn = 0; turn < n; turn++) await soon();
			throw new Error(`work ${n}`);
		};
		const reading = (async () => {
			for await (const result of inFlight([1, 2, 3], 3, work)) expect(result).toBeUndefined();
		})();
		await expect(reading).rejects.toThrow('work 1');
	});
});
