/**
 * Compares when two events of the same key happened: negative if the first one happened before. Those of
 * different keys cannot be compared.
 * @param one hexadecimal digits; the shorter text is filled with zeros on the right
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function compareSequencers(one: string, other: string): number {
	const length = Math.max(one.length, other.length);
	const [first, second] = [one, other].map((text) => text.toUpperCase().padEnd(length, '0'));
	if (first === second) return 0;
	return (first ?? '') < (second ?? '') ? -1 : 1;
}
