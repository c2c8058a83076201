import { onOneLine } from './serverWords';

/** Headers of a request that prove who sends it, or hold a key of the customer. */
const SECRET_HEADER =
	/^(proxy-)?authorization$|-(security|s3session|metadata)-token$|-customer-key$/i;

/** Entities of HTML that have names. */
const NAMED: Readonly<Record<string, string>> = {
	amp: '&',
	apos: "'",
	colon: ':',
	comma: ',',
	equals: '=',
	gt: '>',
	lt: '<',
	nbsp: ' ',
	plus: '+',
	quot: '"',
	sol: '/',
};

/** How often a text may be escaped; one that is escaped more often is not shown. */
const MAX_ESCAPES = 8;

/** Characters of a text that are looked at. */
const MAX_TEXT = 16 * 1024;

/** Characters of Base64, and hexadecimal digits, below which a match says nothing. */
const MIN_BASE64 = 4;
const MIN_HEX = 16;

/** The values of a request's headers that nobody may see: signature, password, session token, customer's key. */
export function secretsOf(headers: Readonly<Record<string, string | undefined>>): string[] {
	return Object.entries(headers).flatMap(([name, value = '']) =>
		SECRET_HEADER.test(name) ? [value, ...secretPartsOf(name, value)] : [],
	);
}

const CUSTOMER_KEY = /-customer-key$/i;
/** Bytes of a customer's key that is one; S3 takes 32. */
const MIN_KEY = 16;

/** The signature of a signed request, user name and password of HTTP Basic, or a customer's key in other forms. */
function secretPartsOf(name: string, value: string): string[] {
	if (CUSTOMER_KEY.test(name)) return formsOfKey(value);
	const signature = /Signature=([0-9a-f]+)/.exec(value)?.[1];
	if (signature !== undefined) return [signature];
	const [, base64] = /^Basic (\S+)$/.exec(value) ?? [];
	if (base64 === undefined) return [];
	const login = Buffer.from(base64, 'base64').toString();
	return [base64, login, login.slice(login.indexOf(':') + 1)];
}

/** The bytes that stand in a header as Base64, as other programs show them. */
function formsOfKey(base64: string): string[] {
	const key = Buffer.from(base64, 'base64');
	if (key.length < MIN_KEY) return [];
	const digits = base64.replace(/=+$/, '');
	const url = key.toString('base64url');
	return [...new Set([digits, url, key.toString('hex'), key.toString(), key.toString('latin1')])];
}

/**
 * What a server says, without the secrets that it was sent: servers and proxies may repeat a request in their
 * errors. A text that has one URL-encoded, with escapes of HTML or JSON, in Base64 or as hexadecimal digits, in other
 * case or on several lines is not shown at all. Of a long text, of which only the beginning is shown to anybody, the
 * rest is not looked at and left out.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
	const longestFirst = [...new Set(secrets)]
		.filter((secret) => secret !== '')
		.sort((one, other) => other.length - one.length);
	if (longestFirst.length === 0) return text;
	if (text.length > MAX_TEXT) return beginningOf(text, longestFirst);
	if (!hasAny(longestFirst, text)) return text;
	if (unescaped(text) !== text) return '…';
	let shown = text;
	for (const secret of longestFirst) {
		shown = shown.replaceAll(secret, '…');
		// To take a shorter one out could break this one, if it is there in other case or on several lines.
		if (hasAny([secret], shown)) return '…';
	}
	return shown;
}

/**
 * The beginning of a long text on one line. A secret that is cut at its end is too far away to be shown, as nothing
 * before it is made shorter.
 */
function beginningOf(text: string, secrets: readonly string[]): string {
	let line = '';
	for (let at = 0; at < text.length && line.length < MAX_TEXT; at += MAX_TEXT) {
		// The bar keeps a blank at the end from being trimmed.
		line = onOneLine(`${line}${text.slice(at, at + MAX_TEXT)}|`).slice(0, -1);
	}
	const beginning = line.slice(0, MAX_TEXT);
	return hasAny([...secrets, ...secrets.map(onOneLine)], beginning) ? '…' : beginning;
}

/** Whether a text has one of the secrets, however it is escaped. */
function hasAny(secrets: readonly string[], text: string): boolean {
	const spellings = secrets
		.flatMap((secret) => [secret, ...inBase64(secret)])
		.map(condensed)
		.filter((spelling) => spelling !== '');
	const digits = secrets.flatMap(inHex).filter((spelling) => spelling.length >= MIN_HEX);
	let decoded = text;
	for (let escapes = 0; escapes < MAX_ESCAPES; escapes++) {
		if (secrets.some((secret) => decoded.includes(secret))) return true;
		const compared = condensed(decoded);
		if (spellings.some((spelling) => compared.includes(spelling))) return true;
		const shown = compared.replace(NOT_HEX, '');
		if (digits.some((spelling) => shown.includes(spelling))) return true;
		const next = unescaped(decoded);
		if (next === decoded) return false;
		decoded = next;
	}
	return true;
}

/** The hexadecimal digits of a text; those of bytes are digits already, and others are put between them. */
const inHex = (secret: string): string[] => [
	Buffer.from(secret).toString('hex'),
	...(/^[0-9a-f]+$/.test(secret) ? [secret] : []),
];

/** What may stand before and between the digits of bytes. */
const NOT_HEX = /0x|\\x|[^0-9a-f]/g;

/**
 * A text as it is compared, without what programs change when they show it: Base64 has line breaks, long headers are
 * folded, signatures become upper case, hyphens that nobody sees are put in, and in a form a blank is a plus sign.
 */
const condensed = (text: string): string => text.replace(/[\s\p{C}+]+/gu, '').toLowerCase();

/** A text without one layer of escapes, of URLs, HTML and JSON, and of programs that show bytes. */
function unescaped(text: string): string {
	return text
		.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => textOf(escapes.replaceAll('%', '')))
		.replace(/&#(\d{1,12});?/g, (_, decimal: string) => characterOf(Number(decimal)))
		.replace(/&#x([0-9a-f]{1,12});?/gi, (_, hex: string) => characterOf(parseInt(hex, 16)))
		.replace(/&(\w{2,6});/g, (entity, name: string) => NAMED[name] ?? entity)
		.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
		.replace(/\\u\{([0-9a-f]{1,6})\}/gi, (_, hex: string) => characterOf(parseInt(hex, 16)))
		.replace(/(?:\\x[0-9a-f]{2})+/gi, (escapes) => textOf(escapes.replace(/\\x/gi, '')))
		.replace(/\\([nrt])/g, ' ')
		.replace(/\\(["'/\\])/g, '$1');
}

const textOf = (hex: string): string => Buffer.from(hex, 'hex').toString();

/** Unicode ends at U+10FFFF. */
const characterOf = (code: number): string => (code > 0x10ffff ? '' : String.fromCodePoint(code));

/**
 * The Base64 of a text inside of that of a longer one: how it looks depends on the number of bytes before it. Its
 * first and last character, which also depend on the bytes around, are left out.
 */
function inBase64(secret: string): string[] {
	const found = [0, 1, 2].map((before) => {
		const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
		const whole = Math.floor((bytes.length * 8) / 6);
		return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), whole);
	});
	return found
		.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
		.filter((text) => text.length >= MIN_BASE64);
}
