/** Characters of a text of a server that are shown. */
const MAX_LENGTH = 1000;

/** A text of a server as people are shown it: one line of at most 1,000 characters. */
export function serverWords(text: string): string {
	const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
	return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}
