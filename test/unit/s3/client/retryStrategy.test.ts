import { retryStrategy } from '../../../../s3/client/retryStrategy';

type RetryStrategy = typeof retryStrategy;
type ErrorInfo = Parameters<RetryStrategy['refreshRetryTokenForRetry']>[1];

/** Attempts until no further one is made, and the delays between them. */
async function attemptsAfter(
	errorInfo: ErrorInfo,
): Promise<{ attempts: number; delays: number[] }> {
	const delays: number[] = [];
	let token = await retryStrategy.acquireInitialRetryToken('');
	for (;;) {
		try {
			token = await retryStrategy.refreshRetryTokenForRetry(token, errorInfo);
		} catch {
			return { attempts: token.getRetryCount() + 1, delays };
		}
		delays.push(token.getRetryDelay());
	}
}

const answered = (httpStatusCode: number) => ({
	name: 'Injected',
	message: 'injected',
	$metadata: { httpStatusCode },
});

describe('a request', () => {
	it.each([503, 429])(
		'a request that is refused with %i is sent ten times, and its waiting is left to the rate',
		async (status) => {
			const result = await attemptsAfter({ errorType: 'THROTTLING', error: answered(status) });
			expect(result).toEqual({ attempts: 10, delays: Array.from({ length: 9 }, () => 0) });
		},
	);

	it('a request that the server fails at is sent five times, with growing delays', async () => {
		const result = await attemptsAfter({ errorType: 'TRANSIENT', error: answered(500) });
		expect(result.attempts).toBe(5);
		result.delays.forEach((delay, index) => {
			expect(delay).toBeLessThanOrEqual(200 * 2 ** index);
		});
	});

	it('a request that the server does not implement is sent once', async () => {
		const error = answered(501);
		expect((await attemptsAfter({ errorType: 'SERVER_ERROR', error })).attempts).toBe(1);
	});

	it('a request that got no response is sent five times', async () => {
		expect((await attemptsAfter({ errorType: 'TRANSIENT' })).attempts).toBe(5);
	});

	it('a request that was signed for another time is sent twice', async () => {
		const error = { ...answered(403), name: 'RequestTimeTooSkewed' };
		expect((await attemptsAfter({ errorType: 'CLIENT_ERROR', error })).attempts).toBe(2);
	});

	it('a request that is wrong is sent once', async () => {
		const info: ErrorInfo = { errorType: 'CLIENT_ERROR', error: answered(403) };
		expect((await attemptsAfter(info)).attempts).toBe(1);
	});
});
