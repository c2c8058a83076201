import { S3Failure } from '../S3Failure';
import { utf8Header } from './utf8Header';

/** Controls, also those that turn the direction of text around, and halves of characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** What ends a quoted name or a folder, or what browsers decode. */
const NOT_PLAIN = /[^\x20-\x7e]|["\\/%]/gu;
/** What `encodeURIComponent` leaves and RFC 8187 does not allow. */
const NOT_ENCODED = /['()*]/g;

/**
 * The header that has a browser save what it downloads under a name: in ASCII for old ones, and as it is.
 * @throws S3Failure of kind `invalid` if nothing is left of the name without invisible characters
 * @see https://www.rfc-editor.org/rfc/rfc6266 (appendix D)
 */
export function attachment(fileName: string): string {
	const name = fileName.replace(INVISIBLE, '').trim();
	if (name === '') {
		throw S3Failure.invalid(
			'The file name for the download has no visible character',
			'Enter a file name such as invoice.pdf, or leave it out.',
		);
	}
	return withName('attachment', name);
}

/** The same for what a browser is to show. @param fileName with visible characters only */
export const inline = (fileName: string): string => withName('inline', fileName);

/**
 * A header that another program has stored, in the characters that a header carries: a name of a file beyond ASCII is
 * written as it should be.
 * @param stored with characters of Unicode
 */
export function carriedDisposition(stored: string | undefined): string | undefined {
	if (stored === undefined || /^[\t\x20-\x7e]*$/.test(stored)) return stored;
	const disposition = /^\s*inline\b/i.test(stored) ? 'inline' : 'attachment';
	const name = fileNameIn(Buffer.from(stored).toString('latin1'));
	return name === undefined ? disposition : withName(disposition, name);
}

function withName(disposition: string, name: string): string {
	const encoded = encodeURIComponent(name).replace(
		NOT_ENCODED,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	return `${disposition}; filename="${name.replace(NOT_PLAIN, '_')}"; filename*=UTF-8''${encoded}`;
}

/** A parameter of the header: its name, and a value in quotes or without, where many servers send blanks, too. */
const PARAMETER = /;\s*(filename\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/gi;

/**
 * The name that the header of a response gives to a file: its last part if it has folders, and without invisible
 * characters. Undefined if it gives none.
 * @param header as Node reads it: each byte is a character
 * @see https://www.rfc-editor.org/rfc/rfc6266 (section 4.3)
 */
export function fileNameIn(header: string | undefined): string | undefined {
	const names = new Map<string, string>();
	for (const [, name = '', quoted, token = ''] of (header ?? '').matchAll(PARAMETER)) {
		const value = quoted === undefined ? token : quoted.replace(/\\(.)/g, '$1');
		names.set(name.toLowerCase(), value);
	}
	const plain = names.get('filename');
	return (
		plainName(decodedExtended(names.get('filename*') ?? '')) ??
		plainName(decodedPlain(utf8Header(plain ?? '')))
	);
}

/** The last part of a path or file name, without invisible characters; undefined if nothing is left. */
export function plainName(path: string): string | undefined {
	return plainParts(path)
		.filter((part) => part !== '..')
		.at(-1);
}

/** The folders of a path and its last part, `..` among them, without invisible characters. */
export function plainParts(path: string): string[] {
	const parts = path.split(/[/\\]/).map((part) => part.replace(INVISIBLE, '').trim());
	return parts.filter((part) => part !== '' && part !== '.');
}

/** Some servers send a name beyond ASCII as it stands in a URL. Chrome decodes it, too. */
function decodedPlain(value: string): string {
	try {
		const decoded = decodeURIComponent(value);
		return isAscii(value) && !isAscii(decoded) ? decoded : value;
	} catch {
		return value;
	}
}

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** A value such as `UTF-8''caf%C3%A9.txt`; empty if it cannot be read. @see https://www.rfc-editor.org/rfc/rfc8187 */
function decodedExtended(value: string): string {
	const [, charset = '', encoded = ''] = /^([\w-]+)'[^']*'(.*)$/.exec(value) ?? [];
	const bytes = encoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
		String.fromCharCode(parseInt(hex, 16)),
	);
	try {
		return new TextDecoder(charset, { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
	} catch {
		return '';
	}
}
