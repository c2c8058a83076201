import { backOffMs } from '../../../../s3/retry/backOff';

const random = jest.spyOn(Math, 'random');

afterAll(() => {
	random.mockRestore();
});

it.each([
	[1, 200],
	[2, 400],
	[3, 800],
	[5, 3200],
	[6, 5000],
	[100, 5000],
])('the wait after %i attempts is random, and at most %i ms', (attempts, longest) => {
	random.mockReturnValue(1);
	expect(backOffMs(attempts)).toBe(longest);
	random.mockReturnValue(0.25);
	expect(backOffMs(attempts)).toBe(longest / 4);
});

it('the wait is as long as the server asks, but not longer than 20 seconds', () => {
	random.mockReturnValue(0);
	expect(backOffMs(1, 7000)).toBe(7000);
	expect(backOffMs(1, 3_600_000)).toBe(20_000);
});

it('the wait is longer than the server asks if the back-off is', () => {
	random.mockReturnValue(1);
	expect(backOffMs(5, 1000)).toBe(3200);
});
