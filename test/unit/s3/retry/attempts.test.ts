import { isThrottled, leastAttempts } from '../../../../s3/retry/attempts';

it.each([
	[429, true],
	[503, true],
	[500, false],
	[undefined, false],
])('the status %p says that requests come too fast: %p', (status, throttled) => {
	expect(isThrottled(status)).toBe(throttled);
});

it.each([
	[true, 25_000, 10],
	[true, 20_000, 10],
	[true, 19_999, 5],
	[false, 70_000, 5],
])(
	'a request that was throttled (%p) and has %i ms is sent %i times at least',
	(wasThrottled, retryFor, attempts) => {
		expect(leastAttempts(wasThrottled, retryFor)).toBe(attempts);
	},
);
