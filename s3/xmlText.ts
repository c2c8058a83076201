const NAMED: Readonly<Record<string, string>> = {
	amp: '&',
	apos: "'",
	gt: '>',
	lt: '<',
	quot: '"',
};
const LAST_CODE_POINT = 0x10ffff;

/**
 * Replaces the character references and the five predefined entities of XML in character data.
 * What is neither stays as it is.
 * @see https://www.w3.org/TR/xml/#sec-references
 */
export function decodeEntities(text: string): string {
	if (!text.includes('&')) return text;
	return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, characterOf);
}

function characterOf(reference: string, hex?: string, decimal?: string, name?: string): string {
	if (name !== undefined) return NAMED[name] ?? reference;
	const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
	return codePoint <= LAST_CODE_POINT ? String.fromCodePoint(codePoint) : reference;
}
