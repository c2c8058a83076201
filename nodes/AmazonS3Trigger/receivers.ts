import { LruMap } from '../../s3/LruMap';
import { MAX_TRIGGERS } from './triggerOf';

/** What ends the one receiver of each trigger. */
const receivers = new LruMap<string, () => Promise<void>>(MAX_TRIGGERS);

/**
 * Notes that a trigger receives messages. What has received them before ends: n8n 2 activates a trigger that can also
 * poll twice and closes only one of them, and n8n 1 closes none when the first poll of an activation fails.
 *
 * @param end does not throw
 */
export function beginReceiving(trigger: string, end: () => Promise<void>): void {
	void receivers.get(trigger)?.();
	receivers.set(trigger, end);
}

/** Ends receiving, whichever activation has begun it. */
export async function endReceiving(trigger: string): Promise<void> {
	const end = receivers.get(trigger);
	receivers.delete(trigger);
	await end?.();
}

/** Whether this process receives the messages of a trigger. */
export const isReceiving = (trigger: string): boolean => receivers.has(trigger);
