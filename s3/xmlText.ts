const NAMED_ENTITIES: ReadonlyMap<string, string> = new Map([
	['amp', '&'],
	['apos', "'"],
	['gt', '>'],
	['lt', '<'],
	['quot', '"'],
]);
const LAST_CODE_POINT = 0x10ffff;
const REFERENCE = /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi;

/**
 * Character data of XML as text: entities and character references are replaced, those that XML does
 * not know stay as they are. Takes linear time.
 *
 * @see https://www.w3.org/TR/xml/#sec-references
 */
export function xmlText(data: string): string {
	return data.includes('&') ? data.replace(REFERENCE, characterOf) : data;
}

function characterOf(reference: string, hex?: string, decimal?: string, name?: string): string {
	if (name !== undefined) return NAMED_ENTITIES.get(name) ?? reference;
	const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
	return codePoint <= LAST_CODE_POINT ? String.fromCodePoint(codePoint) : reference;
}

/**
 * The trimmed text of the only element of this name; undefined if there is none or several. Takes
 * linear time.
 *
 * @param name of an element without attributes, e.g. `Code`
 */
export function elementText(xml: string, name: string): string | undefined {
	const found = [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))];
	const [only] = found;
	return found.length === 1 && only?.[1] !== undefined ? xmlText(only[1]).trim() : undefined;
}
