import { isThrottled, leastAttempts } from '../../../../s3/retry/attempts';

it.each([
	[429, 10],
	[503, 10],
	[500, 5],
	[404, 5],
	[undefined, 5],
])('a request that ended with the status %p is sent %i times at least', (status, attempts) => {
	expect(leastAttempts(status)).toBe(attempts);
	expect(isThrottled(status)).toBe(attempts === 10);
});
