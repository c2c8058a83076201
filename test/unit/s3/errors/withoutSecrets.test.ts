import { serverWords } from '../../../../s3/errors/serverWords';
import { secretsOf, withoutSecrets } from '../../../../s3/errors/withoutSecrets';

const token = 'FwoGZXIvYXdzE+/=&"<planted> ü';
const html = (text: string) =>
	text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&#34;');
const lines = (text: string, length: number) =>
	text.replace(new RegExp(`.{${length}}`, 'gu'), '$&\n');
const base64 = (text: string) => Buffer.from(text).toString('base64');

it('the secrets of a request are its signature, its tokens, keys of the customer, and passwords', () => {
	const authorization = 'AWS4-HMAC-SHA256 Credential=AK/20260101/x, Signature=0123abcd';
	expect(
		secretsOf({
			authorization,
			host: 'server',
			'Proxy-Authorization': `Basic ${base64('me:pass:word')}`,
			'x-amz-copy-source-server-side-encryption-customer-key': 'other key',
			'x-amz-s3session-token': 'express',
			'x-amz-security-token': token,
			'x-amz-server-side-encryption-customer-key': 'key',
			'x-amz-server-side-encryption-customer-key-md5': 'md5',
		}),
	).toEqual([
		authorization,
		'0123abcd',
		`Basic ${base64('me:pass:word')}`,
		base64('me:pass:word'),
		'me:pass:word',
		'pass:word',
		'other key',
		'express',
		token,
		'key',
	]);
});

it.each<[string, (text: string) => string]>([
	['as it is', (text) => text],
	['URL-encoded', encodeURIComponent],
	[
		'URL-encoded in lower case',
		(text) => encodeURIComponent(text).replace(/%../g, (escape) => escape.toLowerCase()),
	],
	['URL-encoded twice', (text) => encodeURIComponent(encodeURIComponent(text))],
	['as a form', (text) => new URLSearchParams({ text }).toString().slice('text='.length)],
	['HTML-escaped', html],
	['HTML-escaped twice', (text) => html(html(text))],
	[
		'as numbers of HTML',
		(text) =>
			Array.from(text, (character) => `&#x${character.codePointAt(0)!.toString(16)};`).join(''),
	],
	['as hexadecimal digits', (text) => Buffer.from(text).toString('hex')],
	[
		'as the bytes that S3 shows',
		(text) => Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '$& '),
	],
	[
		'as hexadecimal digits on several lines',
		(text) => lines(Buffer.from(text).toString('hex'), 16),
	],
	...[':', '-', ', 0x', '\\x'].map((between): [string, (text: string) => string] => [
		`as hexadecimal digits with ${between} between them`,
		(text) => Buffer.from(text).toString('hex').replace(/../g, `${between}$&`),
	]),
	['in upper case', (text) => text.toUpperCase()],
	['in lower case', (text) => text.toLowerCase()],
	['on several lines', (text) => lines(text, 7)],
	['on several lines as JSON', (text) => JSON.stringify(lines(text, 7))],
	['as a folded header', (text) => lines(text, 7).replaceAll('\n', '\r\n\t')],
	['with hyphens that nobody sees', (text) => lines(text, 7).replaceAll('\n', '\u00ad')],
	['in UTF-16', (text) => Buffer.from(text, 'utf16le').toString('latin1')],
	['in Base64 with line breaks', (text) => lines(base64(text), 12)],
	['in Base64 with line breaks as JSON', (text) => JSON.stringify(lines(base64(text), 12))],
	['with names of HTML', (text) => html(text).replaceAll('+', '&plus;').replaceAll('/', '&sol;')],
	[
		'as numbers of HTML with zeros',
		(text) =>
			Array.from(text, (one) => `&#${String(one.codePointAt(0)).padStart(9, '0')};`).join(''),
	],
	[
		'as a script writes it',
		(text) => Array.from(text, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`).join(''),
	],
	['as JSON', (text) => JSON.stringify(text).slice(1, -1)],
	['as JSON with escaped slashes', (text) => text.replaceAll('/', '\\/')],
	[
		'as JSON in ASCII',
		(text) => text.replaceAll('ü', '\\u00fc').replaceAll('<', '\\u003C').replaceAll('&', '\\u0026'),
	],
])('a secret that a server repeats %s is not shown', (_, written) => {
	const shown = withoutSecrets(`before ${written(token)} after`, ['x', token]);
	expect(shown).toBe(written(token) === token ? 'before … after' : '…');
});

it('a text that is escaped more often than can be seen through is not shown', () => {
	const often = Array.from({ length: 20 }).reduce<string>(
		(text) => encodeURIComponent(text),
		'a b',
	);
	expect(withoutSecrets(often, [token])).toBe('…');
	expect(withoutSecrets('100%25 &amp;lt; fine \\u00fc', [token])).toBe(
		'100%25 &amp;lt; fine \\u00fc',
	);
});

it.each(['', 'a', 'ab', 'abc', '{"x-amz-security-token":"'])(
	'a secret in the Base64 of a text, after %j, is not shown',
	(before) => {
		for (const encoding of ['base64', 'base64url'] as const) {
			const page = Buffer.from(`${before}${token}"}`).toString(encoding);
			expect(withoutSecrets(`said ${page}`, [token])).toBe('…');
		}
	},
);

it('what is no secret stays as it is, and an empty secret hides nothing', () => {
	expect(withoutSecrets('The bucket is (not) there. $&', ['', 'planted', '.*'])).toBe(
		'The bucket is (not) there. $&',
	);
});

it('the longest secret is taken out first, so that no rest of it stays', () => {
	expect(withoutSecrets('Basic abc.def', ['abc', 'Basic abc.def'])).toBe('…');
});

describe('of a long text', () => {
	const length = 16 * 1024;

	it('the beginning of a long text stays, on one line', () => {
		const shown = withoutSecrets(`no\n such  key ${'x'.repeat(100_000)}`, [token]);
		expect(shown).toMatch(/^no such key x+$/);
		expect(shown).toHaveLength(length);
	});

	it.each([0, 900, length - token.length])(
		'a long text is not shown if there is a secret in its beginning, at %i',
		(at) => {
			for (const blanks of ['', ' '.repeat(50_000)]) {
				const text = `${'x'.repeat(at)}${blanks}${token}${'x'.repeat(100_000)}`;
				if (blanks === '' || at < length / 2) expect(withoutSecrets(text, [token])).toBe('…');
			}
		},
	);

	it('half of a secret is too far from the beginning of a long text to be shown', () => {
		const secret = 'planted'.repeat(100);
		for (const filler of ['x', ' ', 'x ']) {
			const text = filler.repeat(length).slice(0, length - 100) + secret + 'x'.repeat(100_000);
			expect(serverWords(withoutSecrets(text, [secret]))).not.toContain('planted');
		}
	});

	it('a long text is not shown if it has a secret with its blanks made one', () => {
		const secret = 'two  blanks\tand more';
		expect(withoutSecrets(`${secret}${' '.repeat(length)}`, [secret])).toBe('…');
	});
});

it('a text that is escaped many times takes no noticeable time for many secrets', () => {
	const secrets = Array.from({ length: 12 }, (_, i) => `planted-${i}-${'x'.repeat(1000)}`);
	const text = `%${'25'.repeat(7)}41`.repeat(60_000);
	const start = performance.now();
	withoutSecrets(text, secrets);
	expect(performance.now() - start).toBeLessThan(2000);
});

it('a long text and a long secret take no noticeable time', () => {
	const text = '%25'.repeat(100_000) + '&amp;'.repeat(100_000);
	const start = performance.now();
	withoutSecrets(text, ['%'.repeat(2000), '&'.repeat(2000)]);
	expect(performance.now() - start).toBeLessThan(1000);
});

describe.each([
	['of letters', Buffer.from('planted key of the customer, 32b')],
	['of any bytes', Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 251) % 256))],
])('a key of the customer %s', (what, key) => {
	const secrets = secretsOf({
		'x-amz-server-side-encryption-customer-key': key.toString('base64'),
	});
	it.each<[string, string]>([
		['in Base64 without its end', key.toString('base64').replace(/=+$/, '')],
		['in Base64 for URLs', key.toString('base64url')],
		['as hexadecimal digits', key.toString('hex')],
		['as hexadecimal digits in upper case', key.toString('hex').toUpperCase()],
		['as bytes with blanks between them', key.toString('hex').replace(/../g, '$& ')],
		['as bytes with colons between them', key.toString('hex').replace(/../g, '$&:')],
		['as text', key.toString()],
		['as text of one byte each', key.toString('latin1')],
		[
			'URL-encoded',
			key
				.toString('latin1')
				.replace(/[^]/g, (byte) => `%${Buffer.from(byte, 'latin1').toString('hex')}`),
		],
		['escaped as in programs', key.toString('hex').replace(/../g, '\\x$&')],
	])(`a key of the customer ${what} that a server repeats %s is not shown`, (_, spelling) => {
		const shown = withoutSecrets(`The key ${spelling} does not fit`, secrets);
		expect(shown).toMatch(/^(The key )?…/);
		expect(shown).not.toContain(spelling.slice(0, 12));
	});
});

it('a signature that a server repeats with blanks between its digits is not shown', () => {
	const signature = '0123456789abcdef0123456789abcdef';
	const shown = withoutSecrets(
		signature.replace(/../g, '$& '),
		secretsOf({
			authorization: `AWS4-HMAC-SHA256 Credential=a, Signature=${signature}`,
		}),
	);
	expect(shown).toBe('…');
});
