const NAMED: ReadonlyMap<string, string> = new Map([
	['amp', '&'],
	['apos', "'"],
	['gt', '>'],
	['lt', '<'],
	['quot', '"'],
]);
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

/** Whether a text has something more often than this. */
export function hasMoreThan(text: string, what: string, most: number): boolean {
	let count = 0;
	for (let at = text.indexOf(what); at !== -1; at = text.indexOf(what, at + what.length)) {
		count += 1;
		if (count > most) return true;
	}
	return false;
}

function characterOf(reference: string, hex?: string, decimal?: string, name?: string): string {
	if (name !== undefined) return NAMED.get(name) ?? reference;
	const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
	return codePoint <= LAST_CODE_POINT ? String.fromCodePoint(codePoint) : reference;
}

/**
 * The trimmed text of the only element of this name; undefined if there is none or several.
 * @param name of an element that has no attributes, e.g. `Code`
 */
export function elementText(xml: string, name: string): string | undefined {
	const found = [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))];
	const text = found.length === 1 ? found[0]?.[1] : undefined;
	return text === undefined ? undefined : decodeEntities(text).trim();
}

/**
 * A key from a listing with `encoding-type=url`, which writes a space as `+`, and on some servers a slash as `%2F`.
 * @throws URIError for a key that is not encoded as it should be
 */
export function decodedKey(key: string): string {
	return decodeURIComponent(key.includes('+') ? key.replaceAll('+', ' ') : key);
}
