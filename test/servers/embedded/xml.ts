/** Text for the inside of an XML element. */
function escapeXml(text: string): string {
	return text.replace(/[&<>"'\r\n]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

/** An element around text; nothing where there is no text. */
export function element(name: string, text: string | number | boolean | undefined): string {
	return text === undefined ? '' : `<${name}>${escapeXml(String(text))}</${name}>`;
}

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
export const NAMESPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** The text of every element of this name, entities resolved; enough for the requests of clients. */
export function elementsOf(xml: string, name: string): string[] {
	const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g');
	return [...xml.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** The text of the first element of this name. */
export function textOf(xml: string, name: string): string | undefined {
	const [text] = elementsOf(xml, name);
	return text === undefined ? undefined : unescapeXml(text);
}

function unescapeXml(text: string): string {
	const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
	return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (entity, hex, decimal, name) => {
		if (typeof hex === 'string') return String.fromCodePoint(parseInt(hex, 16));
		if (typeof decimal === 'string') return String.fromCodePoint(Number(decimal));
		return named[String(name)] ?? entity;
	});
}
