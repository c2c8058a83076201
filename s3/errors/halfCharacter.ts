/** One of the two halves of a character beyond U+FFFF, such as an emoji, without the other. */
const HALF = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** A text with the character for unreadable ones in place of halves; the same text if it has none. */
export const withoutHalves = (text: string): string => text.replace(HALF, '\uFFFD');

/** Whether a text has half of a character, so that it has no bytes of UTF-8 and no request can carry it. */
export const hasHalf = (text: string): boolean => withoutHalves(text) !== text;

/** Where half of a character comes from. @param name of what has it */
export const adviceOnHalf = (name: string): string =>
	`Look at the expression that makes the ${name}: it may cut an emoji in two.`;
