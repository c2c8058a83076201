import type { Call } from '../Call';
import { linkedSignal } from '../retry/linkedSignal';

/**
 * Has several workers do the same work at once, such as sending the parts of an object. The first failure stops
 * the others.
 * @param work is told when to stop; it takes what it works on from a source that all workers share
 * @param stop called at a failure, to end what does not listen to the signal
 * @throws what the work threw first, after all workers have ended
 */
export async function withWorkers(
	count: number,
	call: Call,
	work: (call: Call) => Promise<void>,
	stop: () => void = () => undefined,
): Promise<void> {
	const linked = linkedSignal(call.signal);
	const stoppable = { ...call, signal: linked.signal };
	const failures: unknown[] = [];
	const worker = () =>
		work(stoppable).catch((error: unknown) => {
			failures.push(error);
			linked.abort();
			stop();
		});
	await Promise.all(Array.from({ length: count }, worker));
	linked.unlink();
	if (failures.length > 0) throw failures[0];
}
