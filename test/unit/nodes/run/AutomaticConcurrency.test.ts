import {
	AutomaticConcurrency,
	automaticConcurrencyOf,
	MOST_AT_ONCE,
	type ItemSlots,
} from '../../../../nodes/run/AutomaticConcurrency';

const MIB = 1024 * 1024;

/** A server in simulated time: `timeOf` gives the milliseconds of an item, by how many are in flight. */
class Simulation {
	now = 0;
	inFlight = 0;
	most = 0;
	pressure = false;
	private readonly ends: { at: number; end: () => void }[] = [];
	readonly concurrency = new AutomaticConcurrency(
		() => this.pressure,
		() => this.now,
	);

	constructor(private readonly timeOf: (inFlight: number) => number) {}

	/** Works on items, as `forEachItem` does. */
	async run(count: number, bytes = 1000, slots = this.concurrency.forRun()): Promise<void> {
		let left = count;
		const worker = async () => {
			while (left > 0) {
				left -= 1;
				const leave = await slots.enter(new AbortController().signal);
				this.inFlight += 1;
				this.most = Math.max(this.most, this.inFlight);
				await new Promise<void>((end) => {
					this.ends.push({ at: this.now + this.timeOf(this.inFlight), end });
				});
				this.inFlight -= 1;
				leave(bytes);
			}
		};
		await Promise.all(Array.from({ length: Math.min(count, MOST_AT_ONCE) }, worker));
	}

	/** Lets time pass until all work is done. */
	async finish(work: Promise<void>): Promise<void> {
		const state = { done: false };
		void work.then(() => (state.done = true));
		for (;;) {
			for (let turn = 0; turn < 20; turn++) await Promise.resolve();
			if (state.done) return;
			this.ends.sort((a, b) => a.at - b.at);
			const next = this.ends.shift();
			if (next === undefined) throw new Error('nothing is in flight, but the work is not done');
			this.now = next.at;
			next.end();
		}
	}

	/** The most items in flight during this work. */
	async mostDuring(count: number, bytes?: number): Promise<number> {
		this.most = 0;
		await this.finish(this.run(count, bytes));
		return this.most;
	}
}

describe('automatic concurrency', () => {
	it('automatic concurrency begins at 8 items', async () => {
		expect(await new Simulation(() => 20).mostDuring(8)).toBe(8);
		const slots = new AutomaticConcurrency(() => false).forRun();
		const entered: ItemSlots[] = [];
		for (let index = 0; index < 20; index++) {
			void slots.enter(new AbortController().signal).then(() => entered.push(slots));
		}
		await new Promise(setImmediate);
		expect(entered).toHaveLength(8);
	});

	it('automatic concurrency grows to 64 items while they take no longer for it', async () => {
		const simulation = new Simulation(() => 20);
		expect(await simulation.mostDuring(2000)).toBe(64);
		expect(simulation.now).toBeLessThan((2000 / 64) * 20 * 1.3);
	});

	it('automatic concurrency stops growing when items only wait for each other', async () => {
		// Ten at once is all that the server works on.
		const simulation = new Simulation((inFlight) => 20 * Math.max(1, inFlight / 10));
		await simulation.mostDuring(2000);
		expect(await simulation.mostDuring(1000)).toBeLessThanOrEqual(40);
		expect(await simulation.mostDuring(1000)).toBeGreaterThanOrEqual(10);
	});

	it('automatic concurrency shrinks when items begin to wait for each other', async () => {
		let workers = 64;
		const simulation = new Simulation((inFlight) => 20 * Math.max(1, inFlight / workers));
		expect(await simulation.mostDuring(1000)).toBe(64);
		workers = 10;
		await simulation.mostDuring(1000);
		expect(await simulation.mostDuring(500)).toBeLessThanOrEqual(40);
	});

	it('automatic concurrency finds out anew what an item takes when the server has become slower', async () => {
		let time = 20;
		const simulation = new Simulation(() => time);
		await simulation.mostDuring(1000);
		time = 100;
		await simulation.mostDuring(2000);
		expect(await simulation.mostDuring(500)).toBe(64);
	});

	it('automatic concurrency shrinks while the server throttles or memory is short, and grows again', async () => {
		const simulation = new Simulation(() => 20);
		await simulation.mostDuring(1000);
		simulation.pressure = true;
		await simulation.mostDuring(300);
		expect(await simulation.mostDuring(100)).toBe(4);
		simulation.pressure = false;
		await simulation.mostDuring(500);
		expect(await simulation.mostDuring(500)).toBe(64);
	});

	it('automatic concurrency shrinks on items above 8 MiB, and not on those of 8 MiB', async () => {
		const simulation = new Simulation(() => 20);
		await simulation.mostDuring(1000, 8 * MIB);
		expect(await simulation.mostDuring(100, 8 * MIB)).toBe(64);
		await simulation.mostDuring(300, 8 * MIB + 1);
		expect(await simulation.mostDuring(100, 8 * MIB + 1)).toBe(4);
	});

	it('automatic concurrency gives a run a few slots at once, whatever other runs do', async () => {
		const simulation = new Simulation(() => 1_000_000);
		const long = simulation.run(64);
		const slots = simulation.concurrency.forRun();
		let entered = 0;
		for (let index = 0; index < 8; index++) {
			void slots.enter(new AbortController().signal).then(() => (entered += 1));
		}
		for (let turn = 0; turn < 50; turn++) await Promise.resolve();
		expect(entered).toBe(4);
		void long;
	});

	it('automatic concurrency rejects the items that wait when the run is stopped', async () => {
		const slots = new AutomaticConcurrency(() => false).forRun();
		const stop = new AbortController();
		const all = Array.from({ length: 9 }, () => slots.enter(stop.signal));
		const leaves = await Promise.all(all.slice(0, 8));
		stop.abort(new Error('stopped'));
		await expect(all[8]).rejects.toThrow('stopped');
		await expect(slots.enter(stop.signal)).rejects.toThrow('stopped');
		for (const leave of leaves) leave(0);
	});

	it('automatic concurrency is the same for all that use a connection', () => {
		const connection = { isUnderPressure: () => false };
		expect(automaticConcurrencyOf(connection)).toBe(automaticConcurrencyOf(connection));
		const other = { isUnderPressure: () => false };
		expect(automaticConcurrencyOf(other)).not.toBe(automaticConcurrencyOf(connection));
	});
});
