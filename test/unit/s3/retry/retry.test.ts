import {
	delayAfterFailure,
	delayWithinBudget,
	retry,
	retryTransfer,
} from '../../../../s3/retry/retry';
import { RetryBudget } from '../../../../s3/RetryBudget';
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
	const delayAfter = delayAfterFailure(({ retryable }) => retryable, {});
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

	/** The rule for a failure that comes when so many milliseconds have passed since the first one. */
	const after = (passed: number, retryFor: number) => {
		let now = 0;
		const budget = new RetryBudget(retryFor, () => now);
		budget.left();
		now = passed;
		return delayAfterFailure(() => true, { budget });
	};

	it('a request that failed is repeated as long as its budget lasts, at last at the end of it', () => {
		const failure = failureWith({ retryable: true, status: 500 });
		expect(after(15_000, 20_000)(failure, 100)).toBe(5000);
		expect(after(19_000, 20_000)(failure, 100)).toBe(1000);
		expect(after(20_000, 20_000)(failure, 100)).toBeUndefined();
	});

	it.each([
		['500', 5, { status: 500 }],
		['503', 10, { status: 503 }],
		['a 200 that throttles inside of it', 10, { kind: 'throttled', status: 200 }],
	] as const)(
		'after %s a request is sent %s times, also if its time is over before',
		(_, least, details) => {
			const failure = failureWith({ retryable: true, ...details });
			expect(after(60_000, 20_000)(failure, least - 1)).toBeDefined();
			expect(after(60_000, 20_000)(failure, least)).toBeUndefined();
		},
	);

	it.each([{ status: 500 }, { status: 503 }, { kind: 'throttled', status: 200 }] as const)(
		'after %j a request is sent five times and not more when a short time is over',
		(details) => {
			const failure = failureWith({ retryable: true, ...details });
			expect(after(1999, 2000)(failure, 5)).toBeDefined();
			expect(after(2000, 2000)(failure, 4)).toBeDefined();
			expect(after(2000, 2000)(failure, 5)).toBeUndefined();
		},
	);

	it('a request that has waited in vain is not repeated when its time is over', () => {
		const failure = failureWith({ kind: 'unreachable', code: 'TimeoutError' });
		expect(after(19_999, 20_000)(failure, 1)).toBe(1);
		expect(after(20_000, 20_000)(failure, 1)).toBeUndefined();
	});

	it('a request whose bytes arrive damaged is sent five times, however much time there is', () => {
		const failure = failureWith({ kind: 'corrupt' });
		expect(after(0, 20_000)(failure, 4)).toBeDefined();
		expect(after(0, 20_000)(failure, 5)).toBeUndefined();
	});

	it('nothing is repeated without a budget, also what is throttled', () => {
		expect(after(0, 0)(failureWith({ status: 500 }), 1)).toBeUndefined();
		expect(after(0, 0)(failureWith({ kind: 'throttled', status: 503 }), 1)).toBeUndefined();
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

describe('retryTransfer', () => {
	afterEach(() => jest.restoreAllMocks());

	it('a transfer has the time of one, not that of a call, for its requests and for itself', async () => {
		jest.spyOn(RetryBudget, 'ofCall').mockReturnValue(new RetryBudget(0));
		const times: (number | undefined)[] = [];
		const done = await retryTransfer(
			({ budget }) => {
				times.push(budget?.ms);
				const failure = failureWith({ retryable: true });
				return times.length < 3 ? Promise.reject(failure) : Promise.resolve('done');
			},
			() => true,
			{ signal: undefined },
		);
		expect(done).toBe('done');
		expect(times).toEqual([70_000, 70_000, 70_000]);
	});
});

describe('delayWithinBudget', () => {
	const retryable = failureWith({ retryable: true });

	it('a service is asked again as long as there is time, and not if it asks to wait for longer', () => {
		let now = 0;
		const delayAfter = delayWithinBudget(new RetryBudget(1000, () => now));
		expect(delayAfter(retryable, 1)).toBeLessThanOrEqual(1000);
		expect(delayAfter(failureWith({ retryable: true, retryAfterMs: 1001 }), 1)).toBeUndefined();
		expect(delayAfter(failureWith({ retryable: true, retryAfterMs: 900 }), 1)).toBe(900);
		now = 1000;
		expect(delayAfter(retryable, 2)).toBeUndefined();
	});

	it('a failure that stays, another error and a budget of nothing end it at once', () => {
		const delayAfter = delayWithinBudget(new RetryBudget(1000));
		expect(delayAfter(failureWith({}), 1)).toBeUndefined();
		expect(delayAfter(new Error('x'), 1)).toBeUndefined();
		expect(delayWithinBudget(new RetryBudget(0))(retryable, 1)).toBeUndefined();
	});
});
