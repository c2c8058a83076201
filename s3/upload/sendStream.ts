import { Readable } from 'node:stream';
import type { Call } from '../Call';
import { linkedSignal } from '../retry/linkedSignal';
import type { PutRequest } from './PutRequest';
import type { S3Failure } from '../S3Failure';
import { unreadable } from './sourceErrors';

/**
 * Sends chunks as the body of one request. When they break off with an error, the request is stopped
 * before its end and that error is thrown.
 * @throws S3Failure
 */
export async function sendStream<Output>(
	request: PutRequest,
	chunks: AsyncIterable<Buffer>,
	send: (body: Readable, call: Call) => Promise<Output>,
	call: Call,
): Promise<Output> {
	const linked = linkedSignal(call.signal);
	let sourceFailure: S3Failure | undefined;
	let finish: () => void = () => undefined;
	const finished = new Promise<void>((resolve) => {
		finish = resolve;
	});
	const body = Readable.from(unbroken(), { objectMode: false });
	try {
		return await send(body, { signal: linked.signal });
	} catch (error) {
		throw sourceFailure ?? error;
	} finally {
		linked.unlink();
		body.destroy();
		finish();
	}

	/** The SDK pipes the body, which loses errors, or hashes it, where one would end the process. */
	async function* unbroken(): AsyncGenerator<Buffer> {
		try {
			yield* chunks;
		} catch (error) {
			sourceFailure = unreadable(request, error);
			linked.abort();
			await finished;
		}
	}
}
