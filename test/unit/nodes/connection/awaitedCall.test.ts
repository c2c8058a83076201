import { awaitedCall } from '../../../../nodes/connection/awaitedCall';

it('a call that a person waits for ends with its time, and repeats what fails only for a short while', async () => {
	const { signal, retryFor } = awaitedCall(1);
	await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
	expect(signal?.reason).toMatchObject({ name: 'TimeoutError' });
	expect(retryFor).toBe(2000);
});
