import { ListingPace } from '../../../../../s3/list/parallel/ListConcurrency';

/** Answers of a server that each take so many milliseconds, by how many requests are under way. */
function listed(pace: ListingPace, answers: number, time: (together: number) => number): number[] {
	return Array.from({ length: answers }, (_, taken) => {
		pace.resume(taken);
		const together = pace.width;
		pace.answered(time(together), together, taken);
		pace.speedUp();
		return together;
	});
}

describe('the pace of a listing', () => {
	it('rises to its most where requests beside it make an answer no slower', () => {
		const widths = listed(new ListingPace(), 40, () => 60);
		expect(widths.slice(0, 3)).toEqual([4, 6, 8]);
		expect(widths.at(-1)).toBe(16);
	});

	it('stays low where answers wait for each other', () => {
		const pace = new ListingPace();
		pace.answered(20, 1, 0);
		const widths = listed(pace, 100, (together) => 20 * Math.max(1, together / 2));
		expect(Math.max(...widths)).toBeLessThanOrEqual(6);
		expect(Math.min(...widths)).toBeGreaterThanOrEqual(4);
	});

	it('falls again where answers begin to wait for each other', () => {
		const pace = new ListingPace();
		listed(pace, 40, () => 60);
		const widths = listed(pace, 100, (together) => 60 * Math.max(1, together / 3));
		expect(widths.at(-1)).toBe(6);
	});

	it('is not misled by what holds up all that is under way once', () => {
		const pace = new ListingPace();
		listed(pace, 40, () => 60);
		let answers = 0;
		const held = listed(pace, 48, () => (answers++ % 16 < 7 ? 260 : 60));
		expect(Math.min(...held)).toBe(16);
	});

	it('rises again when answers no longer wait for each other', () => {
		const pace = new ListingPace();
		listed(pace, 40, () => 60);
		expect(listed(pace, 17, () => 300).at(-1)).toBe(7);
		expect(listed(pace, 160, () => 60).at(-1)).toBe(16);
	});

	it('is one request at a time where the server is no faster, with a trial now and then', () => {
		const pace = new ListingPace();
		pace.answered(20, 1, 0);
		const widths = listed(pace, 400, (together) => 20 * together);
		const calm = widths.filter((width) => width === 1).length;
		expect(calm).toBeGreaterThan(200);
		expect(widths.slice(60)).toContain(2);
		expect(Math.max(...widths.slice(60))).toBe(2);
	});

	it('is misled by one lucky answer only until it has been measured alone', () => {
		const pace = new ListingPace();
		pace.answered(5, 1, 0);
		const widths = listed(pace, 400, () => 60);
		expect(widths).toContain(1);
		expect(widths.slice(100)).not.toContain(1);
	});
});
