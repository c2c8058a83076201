/** Characters of a text of a server that are shown. */
const MAX_LENGTH = 1000;

/** A text of a server as people are shown it: one line of at most 1,000 characters. */
export function serverWords(text: string): string {
	const line = onOneLine(text);
	return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}

/** A text without line breaks and other control characters, and with one blank where there were several. */
export const onOneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
