import { ListConcurrency } from '../../../../../s3/list/parallel/ListConcurrency';

/**
 * The requests that were allowed to be in flight for each response of a server.
 * @param latency milliseconds, by how many requests are in flight
 */
function allowed(
	concurrency: ListConcurrency,
	responses: number,
	latency: (inFlight: number) => number,
): number[] {
	return Array.from({ length: responses }, (_, pages) => {
		concurrency.resume(pages);
		const inFlight = concurrency.maxInFlight;
		concurrency.onResponse(latency(inFlight), inFlight, pages);
		concurrency.widen();
		return inFlight;
	});
}

describe('ListConcurrency', () => {
	it('the concurrency of a listing rises to its maximum if requests do not slow each other down', () => {
		const counts = allowed(new ListConcurrency(), 40, () => 60);
		expect(counts.slice(0, 3)).toEqual([4, 6, 8]);
		expect(counts.at(-1)).toBe(16);
	});

	it('the concurrency of a listing stays low if requests queue at the server', () => {
		const concurrency = new ListConcurrency();
		concurrency.onResponse(20, 1, 0);
		const counts = allowed(concurrency, 100, (inFlight) => 20 * Math.max(1, inFlight / 2));
		expect(Math.max(...counts)).toBeLessThanOrEqual(6);
		expect(Math.min(...counts)).toBeGreaterThanOrEqual(4);
	});

	it('the concurrency of a listing falls when requests begin to queue', () => {
		const concurrency = new ListConcurrency();
		allowed(concurrency, 40, () => 60);
		const counts = allowed(concurrency, 100, (inFlight) => 60 * Math.max(1, inFlight / 3));
		expect(counts.at(-1)).toBe(6);
	});

	it('the concurrency of a listing is not misled by a pause that holds up all responses in flight once', () => {
		const concurrency = new ListConcurrency();
		allowed(concurrency, 40, () => 60);
		let responses = 0;
		const held = allowed(concurrency, 48, () => (responses++ % 16 < 7 ? 260 : 60));
		expect(Math.min(...held)).toBe(16);
	});

	it('the concurrency of a listing rises again when requests no longer queue', () => {
		const concurrency = new ListConcurrency();
		allowed(concurrency, 40, () => 60);
		expect(allowed(concurrency, 17, () => 300).at(-1)).toBe(7);
		expect(allowed(concurrency, 160, () => 60).at(-1)).toBe(16);
	});

	it('the concurrency of a listing is one request at a time, with a trial now and then, if the server is no faster with more', () => {
		const concurrency = new ListConcurrency();
		concurrency.onResponse(20, 1, 0);
		const counts = allowed(concurrency, 400, (inFlight) => 20 * inFlight);
		expect(counts.filter((count) => count === 1).length).toBeGreaterThan(200);
		expect(counts.slice(60)).toContain(2);
		expect(Math.max(...counts.slice(60))).toBe(2);
	});

	it('the concurrency of a listing is misled by one fast response only until a sequential round has measured the latency', () => {
		const concurrency = new ListConcurrency();
		concurrency.onResponse(5, 1, 0);
		const counts = allowed(concurrency, 400, () => 60);
		expect(counts).toContain(1);
		expect(counts.slice(100)).not.toContain(1);
	});

	it('the concurrency of a listing is sequential for twice as many pages each further time', () => {
		const concurrency = new ListConcurrency();
		const sequentialFrom = (pages: number): number => {
			concurrency.goSequential(pages);
			for (let i = 0; ; i++) {
				concurrency.resume(pages + i);
				if (!concurrency.isSequential) return i;
			}
		};
		concurrency.resume(0);
		expect([sequentialFrom(5), sequentialFrom(100), sequentialFrom(200)]).toEqual([20, 40, 80]);
	});
});
