import { malformedXml } from './S3Error';

/**
 * Text for the inside of an XML element. Control characters are escaped too, although XML 1.0 does not
 * allow that: S3 does so for keys that have them, unless `encoding-type` is asked for.
 */
export function escapeXml(text: string): string {
	// eslint-disable-next-line no-control-regex -- control characters are what it is about
	return text.replace(/[&<>"'\x00-\x1f]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

/** An element around text; nothing if there is no text. */
export function element(name: string, text: string | number | boolean | undefined): string {
	return text === undefined ? '' : `<${name}>${escapeXml(String(text))}</${name}>`;
}

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A whole XML response of S3. */
export function responseXml(name: string, ...inside: string[]): string {
	const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';
	return `${XML_HEAD}<${name} xmlns="${namespace}">${inside.join('')}</${name}>`;
}

export interface XmlElement {
	name: string;
	text: string;
	children: XmlElement[];
}

export const childrenOf = ({ children }: XmlElement, name: string): XmlElement[] =>
	children.filter((child) => child.name === name);

/** The text of the first child of this name. */
export const textOf = ({ children }: XmlElement, name: string): string | undefined =>
	children.find((child) => child.name === name)?.text;

const MARKUP =
	/<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\/[^<>]*>|<(?:[^<>"']|"[^"]*"|'[^']*')*>/y;
const START =
	/^<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>$/;
const END = /^<\/(?:[\w.-]+:)?([\w.-]+)\s*>$/;

/**
 * The root element of a request's XML.
 * @throws S3Error `MalformedXML` if it is not well-formed or its root has another name
 */
export function parseXml(bytes: Buffer, root: string): XmlElement {
	const source = decoded(bytes).replace(/\r\n?/g, '\n');
	if (!isXmlText(source)) throw malformedXml();
	const top: XmlElement = { name: '', text: '', children: [] };
	const path = [top];
	let position = 0;
	while (position < source.length) {
		const open = path.at(-1) ?? top;
		if (source[position] !== '<') {
			const next = source.indexOf('<', position);
			const end = next === -1 ? source.length : next;
			open.text += unescapeXml(source.slice(position, end));
			position = end;
			continue;
		}
		MARKUP.lastIndex = position;
		const [markup] = MARKUP.exec(source) ?? [];
		if (markup === undefined) throw malformedXml();
		position += markup.length;
		takeMarkup(markup, path);
	}
	const [element] = top.children;
	if (path.length > 1 || top.children.length > 1 || top.text.trim() !== '') throw malformedXml();
	if (element?.name !== root) throw malformedXml();
	return element;
}

function takeMarkup(markup: string, path: XmlElement[]): void {
	const open = path.at(-1);
	if (open === undefined) throw malformedXml();
	if (markup.startsWith('<?') || markup.startsWith('<!--')) return;
	if (markup.startsWith('<![CDATA[')) {
		open.text += markup.slice(9, -3);
		return;
	}
	const end = END.exec(markup);
	if (end !== null) {
		if (path.length === 1 || path.pop()?.name !== end[1]) throw malformedXml();
		return;
	}
	const [, name, empty] = START.exec(markup) ?? [];
	if (name === undefined) throw malformedXml();
	const element: XmlElement = { name, text: '', children: [] };
	open.children.push(element);
	if (empty !== '/') path.push(element);
}

function decoded(bytes: Buffer): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		throw malformedXml();
	}
}

/** Whether text has only characters that XML can have: most control characters have no way to be written. */
const isXmlText = (text: string): boolean =>
	/^[\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text);

const NAMED: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
};

function unescapeXml(text: string): string {
	return text.replace(
		/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+))?(;?)/gi,
		(_, hex, decimal, name, end) => {
			if (end !== ';') throw malformedXml();
			if (typeof name === 'string') {
				const character = NAMED[name];
				if (character === undefined) throw malformedXml();
				return character;
			}
			const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
			const character = code <= 0x10ffff ? String.fromCodePoint(code) : '';
			if (character === '' || !isXmlText(character)) throw malformedXml();
			return character;
		},
	);
}
