import type { ListedObject } from './ListedObject';
import type { ListingText } from './ListingText';
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
/** With what comes behind it, for there are classes that begin like this. */
const STANDARD = 'STANDARD<';

/**
 * Reads an element `Contents` that has nothing but elements of plain text, as nearly all of the many in
 * a listing are: several times as fast as what reads any XML.
 * @param start behind the opening tag
 * @returns where the element ends; -1 for any other form, when `object` may be half filled
 */
export function readPlainContents(text: ListingText, start: number, object: ListedObject): number {
	const { xml } = text;
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
		if (!setField(object, xml.slice(name, nameEnd), text, nameEnd + 1, close)) return -1;
	}
}

/** Sets the field whose content stands from `start` to before `end`. */
function setField(
	object: ListedObject,
	name: string,
	text: ListingText,
	start: number,
	end: number,
): boolean {
	switch (name) {
		case 'Key':
			object.key = withoutEntities(text.cut(start, end));
			return true;
		case 'Size':
			object.size = Number(text.xml.slice(start, end));
			return true;
		case 'ETag':
			object.etag = etagIn(text, start, end);
			return true;
		case 'LastModified':
			object.lastModified = withoutEntities(text.cut(start, end)).trim();
			return true;
		case 'StorageClass':
			object.storageClass = text.xml.startsWith(STANDARD, start)
				? 'STANDARD'
				: withoutEntities(text.cut(start, end)).trim();
			return true;
		default:
			return /^[A-Za-z]+$/.test(name);
	}
}

/** Nearly every ETag comes as `&quot;0123456789abcdef&quot;`. */
function etagIn(text: ListingText, start: number, end: number): string | undefined {
	const { xml } = text;
	const quoteAtEnd = end - QUOTE.length;
	if (
		quoteAtEnd > start + QUOTE.length &&
		xml.startsWith(QUOTE, start) &&
		xml.indexOf('&', start + 1) === quoteAtEnd &&
		xml.startsWith(QUOTE, quoteAtEnd)
	) {
		return text.cut(start + QUOTE.length, quoteAtEnd);
	}
	return bareEtag(withoutEntities(text.cut(start, end)));
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
