import type { ObjectEvent } from './ObjectEvent';

/** What an event has alone, however often it is sent; undefined if it tells nothing of the kind. */
export function eventId(event: ObjectEvent): string | undefined {
	const { bucket, key, sequencer, versionId, requestId } = event;
	const own = sequencer ?? versionId ?? requestId;
	return own === undefined ? undefined : JSON.stringify([bucket, key, event.event, own]);
}
