import { HeldMessage } from '../../../../s3/queue/HeldMessage';
import { S3Failure } from '../../../../s3/S3Failure';
import type { Queue } from '../../../../s3/queue/Queue';

afterEach(() => jest.useRealTimers());

it('a message stays hidden for as long as SQS hides one at most, however long it is hidden at once', async () => {
	jest.useFakeTimers();
	const hours = 60 * 60;
	let hiddenUntil = 10 * hours;
	const send = jest.fn<Promise<Record<string, unknown>>, Parameters<Queue['send']>>((_, input) => {
		const until = performance.now() / 1000 + Number(input.VisibilityTimeout);
		// As AWS refuses a longer time, and the one before stays.
		if (until > 12 * hours) return Promise.reject(S3Failure.refused('beyond the limit', ''));
		hiddenUntil = until;
		return Promise.resolve({});
	});
	const message = { id: 'id', body: '', receiptHandle: 'handle', receiveCount: 1 };
	const held = new HeldMessage({ url: 'url', name: 'name', send }, message, 10 * hours);
	await jest.advanceTimersByTimeAsync(13 * hours * 1000);
	expect(hiddenUntil).toBeGreaterThan(11.9 * hours);
	expect(send.mock.calls.length).toBeLessThan(20);
	held.letGo();
});
