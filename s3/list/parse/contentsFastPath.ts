import type { ListedObject } from '../ListedObject';
import { wordOf } from './XmlBytes';
import type { ListingText } from './XmlBytes';
import { bareEtag } from '../../headers/etag';

const UNKNOWN: ListedObject = {
	bucket: '',
	key: '',
	size: 0,
	etag: undefined,
	lastModified: undefined,
	storageClass: undefined,
};

/**
 * An object of a listing before anything is known of it. It is copied, for where a literal makes many that
 * are in use for a while, V8 makes all later ones among those that are old, and with them stays whatever
 * they refer to until the whole heap is collected.
 */
export const newObject = (bucket: string): ListedObject => ({ ...UNKNOWN, bucket });

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const SPACE = 0x20;
const AMPERSAND = 0x26;
const END = wordOf('</Contents>');
const KEY = wordOf('Key>');
const SIZE = wordOf('Size>');
const ETAG = wordOf('ETag>');
const LAST_MODIFIED = wordOf('LastModified>');
const STORAGE_CLASS = wordOf('StorageClass>');
/** As servers write them. */
const QUOTES = ['&quot;', '&#34;', '"'].map(wordOf);
/** With what comes behind it, for there are classes that begin like this. */
const STANDARD = wordOf('STANDARD<');
/** Digits of which every number is exact. */
const EXACT_DIGITS = 15;

/**
 * Reads an element `Contents` that has nothing but elements of plain text, as nearly all of the many in
 * a listing are: several times as fast as what reads any XML, as it makes no string but those it gives.
 * @param start behind the opening tag
 * @param encoded whether keys are URL-encoded
 * @returns where the element ends; -1 for any other form, when `object` may be half filled
 * @throws URIError for a key that is not encoded as it should be
 */
export function readPlainContents(
	text: ListingText,
	start: number,
	object: ListedObject,
	encoded: boolean,
): number {
	const { bytes } = text;
	let position = start;
	for (;;) {
		while ((bytes[position] ?? LESS) <= SPACE) position++;
		if (bytes[position] !== LESS) return -1;
		const name = position + 1;
		if (bytes[name] === SLASH) return text.has(END, position) ? position + END.length : -1;
		const nameEnd = text.find(GREATER, name);
		const close = nameEnd === -1 ? -1 : text.find(LESS, nameEnd);
		if (close === -1) return -1;
		position = close + 3 + nameEnd - name;
		if (bytes[close + 1] !== SLASH || bytes[position - 1] !== GREATER) return -1;
		const content = nameEnd + 1;
		if (text.has(KEY, name)) object.key = keyIn(text, content, close, encoded);
		else if (text.has(SIZE, name)) object.size = sizeIn(text, content, close);
		else if (text.has(ETAG, name)) object.etag = etagIn(text, content, close);
		else if (text.has(LAST_MODIFIED, name)) {
			object.lastModified = withoutEntities(text.cut(content, close)).trim();
		} else if (text.has(STORAGE_CLASS, name)) {
			object.storageClass = storageClassIn(text, content, close);
		} else if (!isPlainName(bytes, name, nameEnd)) return -1;
	}
}

function storageClassIn(text: ListingText, start: number, end: number): string {
	return text.has(STANDARD, start) ? 'STANDARD' : withoutEntities(text.cut(start, end)).trim();
}

function keyIn(text: ListingText, start: number, end: number, encoded: boolean): string {
	if (!encoded) return withoutEntities(text.cut(start, end));
	return text.cutDecoded(start, end) ?? decodedKey(withoutEntities(text.cut(start, end)));
}

function sizeIn(text: ListingText, start: number, end: number): number {
	if (end - start > EXACT_DIGITS) return Number(text.cut(start, end));
	let size = 0;
	for (let i = start; i < end; i++) {
		const digit = (text.bytes[i] ?? 0) - 0x30;
		if (digit < 0 || digit > 9) return Number(text.cut(start, end));
		size = size * 10 + digit;
	}
	return size;
}

/** Nearly every ETag is plain text between quotes. */
function etagIn(text: ListingText, start: number, end: number): string | undefined {
	for (const quote of QUOTES) {
		if (!text.has(quote, start)) continue;
		const first = start + quote.length;
		const last = end - quote.length;
		if (first < last && text.has(quote, last) && !hasEntity(text.bytes, first, last)) {
			return text.cut(first, last);
		}
	}
	return bareEtag(withoutEntities(text.cut(start, end)));
}

function hasEntity(bytes: Buffer, start: number, end: number): boolean {
	for (let i = start; i < end; i++) if (bytes[i] === AMPERSAND) return true;
	return false;
}

/** Whether a name has nothing but letters: no namespace, and no slash of an empty element. */
function isPlainName(bytes: Buffer, start: number, end: number): boolean {
	for (let i = start; i < end; i++) {
		const letter = (bytes[i] ?? 0) | 0x20;
		if (letter < 0x61 || letter > 0x7a) return false;
	}
	return true;
}

/** `encoding-type=url` writes a space as `+`, and some servers a slash as `%2F`. @throws URIError */
export function decodedKey(key: string): string {
	return decodeURIComponent(key.includes('+') ? key.replaceAll('+', ' ') : key);
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
