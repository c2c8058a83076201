import { RequestRate } from '../../../../s3/retry/RequestRate';

/** A clock that stands still unless it is told the time, in milliseconds. */
function rateWithClock(): { rate: RequestRate; at: (time: number) => void } {
	let now = 0;
	return { rate: new RequestRate(() => now), at: (time) => (now = time) };
}

/** Whether a request may go without waiting. */
async function goesAtOnce(rate: RequestRate): Promise<boolean> {
	const controller = new AbortController();
	const turn = rate.acquire(controller.signal).then(
		() => true,
		() => false,
	);
	// A turn that has to wait is still waiting after the microtasks that a free one needs.
	const soon = new Promise((resolve) => setImmediate(resolve)).then(() => controller.abort());
	const result = await turn;
	await soon;
	return result;
}

describe('the rate of a connection', () => {
	it('the rate of a connection holds nothing back while nothing was refused', async () => {
		const { rate } = rateWithClock();
		for (let i = 0; i < 1000; i++) expect(await goesAtOnce(rate)).toBe(true);
	});

	it('the rate of a connection holds everything back after a refusal, and nothing any more 16 seconds later', async () => {
		const { rate, at } = rateWithClock();
		rate.onResponse(await rate.acquire(undefined), 503, 0);
		expect(await goesAtOnce(rate)).toBe(false);
		at(15_999);
		expect(await goesAtOnce(rate)).toBe(true);
		expect(await goesAtOnce(rate)).toBe(true);
		at(16_000);
		for (let i = 0; i < 1000; i++) expect(await goesAtOnce(rate)).toBe(true);
	});

	it('a connection is throttled for 16 seconds after a refusal', async () => {
		const { rate, at } = rateWithClock();
		expect(rate.isThrottled()).toBe(false);
		rate.onResponse(await rate.acquire(undefined), 503, 0);
		at(15_999);
		expect(rate.isThrottled()).toBe(true);
		at(16_000);
		expect(rate.isThrottled()).toBe(false);
	});

	it('the rate of a connection lets fewer requests go after a refusal, then more and more', async () => {
		const { rate, at } = rateWithClock();
		for (let i = 0; i < 100; i++) {
			at(i * 10);
			await rate.acquire(undefined);
		}
		rate.onResponse(990, 503, 0);
		const goneIn = async (second: number): Promise<number> => {
			let gone = 0;
			for (let time = second * 1000; time < (second + 1) * 1000; time += 20) {
				at(time);
				while (await goesAtOnce(rate)) gone++;
			}
			return gone;
		};
		// 60 a second, twice as many 4 seconds later, 16 times as many 8 seconds later.
		const [second, fifth, ninth] = [await goneIn(2), await goneIn(5), await goneIn(9)];
		expect(second).toBeGreaterThan(50);
		expect(second).toBeLessThan(90);
		expect(fifth).toBeGreaterThan(1.6 * 60);
		expect(ninth).toBeGreaterThan(12 * 60);
	});

	it('the rate of a connection waits as long as the server asks, up to half a minute', async () => {
		const { rate, at } = rateWithClock();
		rate.onResponse(await rate.acquire(undefined), 503, 7000);
		at(6999);
		expect(await goesAtOnce(rate)).toBe(false);
		at(7000);
		expect(await goesAtOnce(rate)).toBe(true);
	});

	it('the rate of a connection waits longer after each refusal in a row, and starts again after another response', async () => {
		const pauseAfter = async (refusals: number, responses: number): Promise<number> => {
			const { rate, at } = rateWithClock();
			let now = 0;
			for (let i = 0; i < refusals; i++) {
				rate.onResponse(now, 503, 0);
				if (i < responses) rate.onResponse(now, 200, 0);
				at((now += 10_000));
			}
			rate.onResponse(now, 503, 0);
			for (let wait = 0; ; wait += 10) {
				at(now + wait);
				if (await goesAtOnce(rate)) return wait;
			}
		};
		expect(await pauseAfter(0, 0)).toBeLessThanOrEqual(130);
		expect(await pauseAfter(3, 0)).toBeGreaterThanOrEqual(600);
		expect(await pauseAfter(3, 3)).toBeLessThanOrEqual(130);
	});

	it('the rate of a connection takes several refusals of requests that were under way together for one', async () => {
		const { rate, at } = rateWithClock();
		const sent = await rate.acquire(undefined);
		at(10);
		for (let i = 0; i < 20; i++) rate.onResponse(sent, 503, 0);
		at(140);
		expect(await goesAtOnce(rate)).toBe(true);
	});
});
