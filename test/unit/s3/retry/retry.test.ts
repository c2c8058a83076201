import { delayAfterFailure, retry } from '../../../../s3/retry/retry';
import { S3Failure } from '../../../../s3/S3Failure';
import { rejectionOf } from '../../failureOf';

const failureWith = (details: Partial<ConstructorParameters<typeof S3Failure>[0]>): S3Failure =>
	new S3Failure({ kind: 'unavailable', message: 'Could not put “a”', advice: 'Wait.', ...details });

/** Fails as often as it is told, then succeeds; gives the numbers of its attempts. */
function failing(times: number) {
	const attempts: number[] = [];
	const work = (attempt: number): Promise<string> => {
		attempts.push(attempt);
		return attempt > times ? Promise.resolve('done') : Promise.reject(new Error(`no ${attempt}`));
	};
	return { attempts, work };
}

describe('retry', () => {
	it('retry does work until it succeeds', async () => {
		const { attempts, work } = failing(2);
		expect(await retry(work, () => 0, undefined)).toBe('done');
		expect(attempts).toEqual([1, 2, 3]);
	});

	it('retry asks after each error how long to wait, and throws the last one when it shall not go on', async () => {
		const { attempts, work } = failing(9);
		const delayAfter = jest.fn((_: unknown, made: number) => (made < 3 ? 0 : undefined));
		await expect(retry(work, delayAfter, undefined)).rejects.toThrow('no 3');
		expect(attempts).toEqual([1, 2, 3]);
		expect(delayAfter.mock.calls.map(([error, made]) => [(error as Error).message, made])).toEqual([
			['no 1', 1],
			['no 2', 2],
			['no 3', 3],
		]);
	});

	it('retry waits as long as it is told', async () => {
		const begun = performance.now();
		await retry(failing(2).work, () => 60, undefined);
		// Timers of Node may fire a millisecond early.
		expect(performance.now() - begun).toBeGreaterThanOrEqual(118);
	});

	it('retry throws the error itself if the signal has fired while it worked', async () => {
		const controller = new AbortController();
		const delayAfter = jest.fn(() => 0);
		const work = () => {
			controller.abort();
			return Promise.reject(new Error('stopped'));
		};
		await expect(retry(work, delayAfter, controller.signal)).rejects.toThrow('stopped');
		expect(delayAfter).not.toHaveBeenCalled();
	});

	it('retry is cancelled while it waits, with the words of the failure it waits after', async () => {
		const controller = new AbortController();
		const failure = failureWith({ operation: 'PutObject', bucket: 'b', key: 'a' });
		const delayAfter = () => {
			setImmediate(() => {
				controller.abort();
			});
			return 60_000;
		};
		const cancelled = await rejectionOf(
			retry(() => Promise.reject(failure), delayAfter, controller.signal),
		);
		expect(cancelled).toMatchObject({ kind: 'cancelled', operation: 'PutObject', key: 'a' });
		expect(cancelled.message).toBe('Could not put “a”: it was cancelled');
	});
});

describe('the delay after a failure', () => {
	const delayAfter = delayAfterFailure(({ retryable }) => retryable);
	const random = jest.spyOn(Math, 'random').mockReturnValue(1);

	afterAll(() => {
		random.mockRestore();
	});

	it('the delay after a failure grows with the attempts', () => {
		const failure = failureWith({ retryable: true, status: 500 });
		expect([1, 2, 3].map((attempts) => delayAfter(failure, attempts))).toEqual([200, 400, 800]);
	});

	it('the delay after a failure is as long as the server asks', () => {
		const failure = failureWith({ retryable: true, retryAfterMs: 3000 });
		expect(delayAfter(failure, 1)).toBe(3000);
	});

	it.each([
		['500', 5, { status: 500 }],
		['503', 10, { status: 503 }],
		['a 200 that throttles inside of it', 10, { kind: 'throttled', status: 200 }],
	] as const)('after %s a request is sent %s times at most', (_, most, details) => {
		const failure = failureWith({ retryable: true, ...details });
		expect(delayAfter(failure, most - 1)).toBeDefined();
		expect(delayAfter(failure, most)).toBeUndefined();
	});

	it('a request that is throttled is left to the rate of the connection, one throttled within a response is not', () => {
		expect(delayAfter(failureWith({ retryable: true, status: 429 }), 3)).toBe(0);
		const within = failureWith({ kind: 'throttled', retryable: true, status: 200 });
		expect(delayAfter(within, 1)).toBe(200);
	});

	it('nothing is tried again after a failure that may not be repeated, or an error of another kind', () => {
		expect(delayAfter(failureWith({ retryable: false }), 1)).toBeUndefined();
		expect(delayAfter(new Error('a bug'), 1)).toBeUndefined();
	});
});
