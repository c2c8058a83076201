import type { ListedObject } from './ListedObject';
import { bareEtag } from './objectHeaders';

/** An object of a listing before anything is known of it. */
export const newObject = (bucket: string): ListedObject => ({
	bucket,
	key: '',
	size: 0,
	etag: undefined,
	lastModified: undefined,
	storageClass: undefined,
});

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const SPACE = 0x20;
const END = '</Contents>';
const QUOTE = '&quot;';

/**
 * Reads an element `Contents` that has nothing but elements of plain text, as nearly all of the many in
 * a listing are: several times as fast as what reads any XML.
 * @param start behind the opening tag
 * @returns where the element ends; -1 for any other form, when `object` may be half filled
 */
export function readPlainContents(xml: string, start: number, object: ListedObject): number {
	let position = start;
	for (;;) {
		while (xml.charCodeAt(position) <= SPACE) position++;
		if (xml.charCodeAt(position) !== LESS) return -1;
		const name = position + 1;
		if (xml.charCodeAt(name) === SLASH) {
			return xml.startsWith(END, position) ? position + END.length : -1;
		}
		const nameEnd = xml.indexOf('>', name);
		const close = xml.indexOf('<', nameEnd);
		position = close + 3 + nameEnd - name;
		if (nameEnd === -1 || close === -1) return -1;
		if (xml.charCodeAt(close + 1) !== SLASH || xml.charCodeAt(position - 1) !== GREATER) return -1;
		if (!setField(object, xml.slice(name, nameEnd), xml.slice(nameEnd + 1, close))) return -1;
	}
}

function setField(object: ListedObject, name: string, content: string): boolean {
	switch (name) {
		case 'Key':
			object.key = withoutEntities(content);
			return true;
		case 'Size':
			object.size = Number(content);
			return true;
		case 'ETag':
			object.etag = withoutQuotes(content);
			return true;
		case 'LastModified':
			object.lastModified = withoutEntities(content).trim();
			return true;
		case 'StorageClass':
			object.storageClass = withoutEntities(content).trim();
			return true;
		default:
			return /^[A-Za-z]+$/.test(name);
	}
}

/** Nearly every ETag comes as `&quot;0123456789abcdef&quot;`. */
function withoutQuotes(etag: string): string | undefined {
	const end = etag.length - QUOTE.length;
	if (
		end > QUOTE.length &&
		etag.startsWith(QUOTE) &&
		etag.indexOf('&', 1) === end &&
		etag.endsWith(QUOTE)
	) {
		return etag.slice(QUOTE.length, end);
	}
	return bareEtag(withoutEntities(etag));
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Character data as it is meant. */
export function withoutEntities(text: string): string {
	if (!text.includes('&')) return text;
	return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (entity, hex, decimal, name) => {
		if (typeof hex === 'string') return String.fromCodePoint(parseInt(hex, 16));
		if (typeof decimal === 'string') return String.fromCodePoint(Number(decimal));
		return NAMED[String(name)] ?? entity;
	});
}
