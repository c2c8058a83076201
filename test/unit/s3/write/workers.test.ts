import { withWorkers } from '../../../../s3/write/workers';

const call = { signal: undefined, retryFor: 1000 };

it('withWorkers ends when all workers have ended', async () => {
	const left = [1, 2, 3, 4, 5];
	const done: number[] = [];
	await withWorkers(2, call, async () => {
		for (let next = left.pop(); next !== undefined; next = left.pop()) {
			await Promise.resolve();
			done.push(next);
		}
	});
	expect(done.sort()).toEqual([1, 2, 3, 4, 5]);
});

it('withWorkers stops the others at the first failure, waits for them, and throws it', async () => {
	let workers = 0;
	let ended = 0;
	let stopped = 0;
	const work = async ({ signal }: { signal: AbortSignal | undefined }) => {
		if (++workers === 1) throw new Error('first');
		await new Promise((resolve) => signal?.addEventListener('abort', resolve));
		ended++;
		throw new Error('second');
	};
	await expect(withWorkers(3, call, work, () => stopped++)).rejects.toThrow('first');
	expect(ended).toBe(2);
	expect(stopped).toBe(3);
});

it('withWorkers passes the signal of the caller on', async () => {
	const controller = new AbortController();
	const running = withWorkers(1, { signal: controller.signal }, async ({ signal }) => {
		controller.abort();
		await Promise.resolve();
		expect(signal?.aborted).toBe(true);
	});
	await running;
});
