import type { ObjectEvent } from './ObjectEvent';

/**
 * Compares when two events of the same key happened: negative if the first one happened before. Those of
 * different keys cannot be compared.
 * @param one hexadecimal digits; the shorter text is filled with zeros on the right
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
function compareSequencers(one: string, other: string): number {
	const length = Math.max(one.length, other.length);
	const [first, second] = [one, other].map((text) => text.toUpperCase().padEnd(length, '0'));
	if (first === second) return 0;
	return (first ?? '') < (second ?? '') ? -1 : 1;
}

/**
 * Puts the events of each key into the order in which they happened. Everything else stays where it is: events of
 * different keys have no order, and those without a sequencer do not tell theirs.
 */
export function inOrder<Entry>(
	entries: readonly Entry[],
	eventOf: (entry: Entry) => ObjectEvent,
): Entry[] {
	const places = new Map<string, number[]>();
	for (const [place, entry] of entries.entries()) {
		const { bucket, key, sequencer } = eventOf(entry);
		if (sequencer === undefined) continue;
		const id = JSON.stringify([bucket, key]);
		places.set(id, [...(places.get(id) ?? []), place]);
	}
	const sorted = [...entries];
	for (const own of places.values()) {
		const inTime = own
			.flatMap((place) => entries[place] ?? [])
			.sort((a, b) => compareSequencers(eventOf(a).sequencer ?? '', eventOf(b).sequencer ?? ''));
		for (const [index, entry] of inTime.entries()) sorted[own[index] ?? 0] = entry;
	}
	return sorted;
}
