import { Readable } from 'node:stream';
import type { Call } from '../Call';
import { linkedSignal } from '../retry/linkedSignal';
import type { S3Failure } from '../S3Failure';
import type { PutRequest } from './PutRequest';
import { sourceReadFailure } from './sourceErrors';

/**
 * Sends chunks as the body of one request. If reading them fails, the request is stopped before its
 * body is complete and that failure is thrown.
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
	const body = Readable.from(chunksWithoutError(), { objectMode: false });
	try {
		return await send(body, { ...call, signal: linked.signal });
	} catch (error) {
		throw sourceFailure ?? error;
	} finally {
		linked.unlink();
		body.destroy();
		finish();
	}

	/**
	 * The body never emits an error: the SDK pipes it, which loses errors, or hashes it, which would end
	 * the process. After a failed read it stays open until the request has been stopped.
	 */
	async function* chunksWithoutError(): AsyncGenerator<Buffer> {
		try {
			yield* chunks;
		} catch (error) {
			sourceFailure = sourceReadFailure(request, error);
			linked.abort();
			await finished;
		}
	}
}
