import type { ObjectEvent } from './ObjectEvent';

/**
 * Compares when two events of the same key happened: negative if the first one happened before. Those of
 * different keys cannot be compared.
 * @param one hexadecimal digits, as capitals; the shorter text is filled with zeros on the right
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
function compareSequencers(one: string, other: string): number {
	const first = one.padEnd(other.length, '0');
	const second = other.padEnd(one.length, '0');
	if (first === second) return 0;
	return first < second ? -1 : 1;
}

/**
 * Puts the events of each key into the order in which they happened. Everything else stays where it is: events of
 * different keys have no order, and those without a sequencer do not tell theirs.
 */
export function inOrder<Entry>(
	entries: readonly Entry[],
	eventOf: (entry: Entry) => ObjectEvent,
): Entry[] {
	const ofKeys = new Map<string, { place: number; entry: Entry; sequencer: string }[]>();
	for (const [place, entry] of entries.entries()) {
		const { bucket, key, sequencer } = eventOf(entry);
		if (sequencer === undefined) continue;
		const id = JSON.stringify([bucket, key]);
		const one = { place, entry, sequencer: sequencer.toUpperCase() };
		const others = ofKeys.get(id);
		if (others === undefined) ofKeys.set(id, [one]);
		else others.push(one);
	}
	const sorted = [...entries];
	for (const own of ofKeys.values()) {
		const inTime = [...own].sort((a, b) => compareSequencers(a.sequencer, b.sequencer));
		for (const [index, { entry }] of inTime.entries()) sorted[own[index]?.place ?? 0] = entry;
	}
	return sorted;
}
