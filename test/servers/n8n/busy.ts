import { setTimeout as sleep } from 'node:timers/promises';

/** The status and words of an n8n whose own work has kept it from its database for seconds. */
const TOO_BUSY = '503 {"code":503,"message":"Database is not ready!"}';
/** What Node says of a connection that the other side closed, in the middle of a request or right before it. */
const CLOSED = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];
/** Milliseconds. */
const PATIENCE = 120_000;
const ASK_AGAIN = 500;

/**
 * Whether n8n, which works on one thing for seconds, did not get to a request: it may also close a
 * connection as unused when it gets to it at last. One that has ended refuses the next connection.
 */
export const isTooBusy = (error: unknown): boolean =>
	error instanceof Error &&
	(error.message.includes(TOO_BUSY) ||
		CLOSED.includes((error.cause as NodeJS.ErrnoException | undefined)?.code ?? ''));

/** Asks n8n again as long as it is too busy, but not for ever. */
export async function whenFree<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
	const end = Date.now() + PATIENCE;
	for (;;) {
		try {
			return await ask();
		} catch (error) {
			if (!isTooBusy(error) || Date.now() > end) throw error;
			await sleep(ASK_AGAIN);
		}
	}
}
