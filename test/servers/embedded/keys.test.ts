import { withServer } from '../withServer';
import { pathOf, texts } from './client';

const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');

const KEYS = [
	...[
		'a',
		'a b',
		'a+b',
		'a%b',
		'a%2Fb',
		'a%20b',
		'a&b=c',
		"it's",
		'a?b#c',
		'a;b,c',
		'a\\b',
		'"<>"',
	],
	...['a\nb', 'a\tb', 'a\r\nb', '\u0001', '\u007f', ' ', ' a ', '+', '%', '~', '!*()'],
	...['/', '//', '/a', 'a/', 'a//b', '///a', '.', '..', './a', '../a', 'a/./b', 'a/../b', 'a/..'],
	...[
		'é',
		'e\u0301',
		'ß',
		'漢字',
		'🙂',
		'\u{10ffff}',
		'\ufeff',
		'\ufffd',
		'\ue000',
		'Ａ',
		'\u200b',
	],
	...[ASCII, 'k'.repeat(1024), '🙂'.repeat(256), 'é'.repeat(512), 'uploads', 'versions', 'acl'],
];

const server = withServer({ virtualHostSuffix: 's3.localhost' });

describe.each(['path', 'virtual'])('keys with the bucket in the %s', (style) => {
	const bucket = `keys.${style}`;
	const place = (key: string) =>
		style === 'path'
			? { path: `/${bucket}/${pathOf(key)}`, sent: {} }
			: { path: `/${pathOf(key)}`, sent: { host: `${bucket}.s3.localhost` } };
	beforeAll(() => void server.store.makeBucket(bucket));

	it.each(KEYS.map((key) => [Array.from(key).slice(0, 20).join(''), key] as const))(
		'the key that begins with %j comes back as it went',
		async (_, key) => {
			const { path, sent } = place(key);
			const put = await server.send('PUT', path, { ...sent, body: `content of ${key}` });
			expect(put.status).toBe(200);
			expect((await server.send('GET', path, sent)).text).toBe(`content of ${key}`);
			expect(server.requests.at(-1)).toMatchObject({ operation: 'GetObject', bucket, key });
		},
	);

	it('keys are all listed, in the order of their bytes', async () => {
		const sorted = [...KEYS].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
		const query = { 'list-type': '2', 'encoding-type': 'url' };
		const { path, sent } = place('');
		const { text } = await server.send('GET', path, { ...sent, query });
		const decoded = texts(text, 'Key').map((key) => decodeURIComponent(key.replace(/\+/g, ' ')));
		expect(decoded).toEqual(sorted);
		const plain = await server.send('GET', path, { ...sent, query: { 'list-type': '2' } });
		const unescaped = texts(plain.text, 'Key');
		expect(unescaped).toEqual(sorted);
	});
});

describe('a key', () => {
	beforeAll(() => void server.store.makeBucket('limits'));

	it.each(['k'.repeat(1025), `${'é'.repeat(512)}k`])(
		'a key of more than 1,024 bytes is refused',
		async (key) => {
			const { status, code } = await server.send('PUT', `/limits/${pathOf(key)}`, { body: 'x' });
			expect([status, code]).toEqual([400, 'KeyTooLongError']);
		},
	);

	it.each(['/limits/%ff', '/limits/%c3', '/limits/%ed%a0%80', '/limits/%zz'])(
		'a key that is no UTF-8 or no encoding is refused: %s',
		async (path) => {
			const { status, code } = await server.send('PUT', path, { body: 'x' });
			expect([status, code]).toEqual([400, 'InvalidURI']);
		},
	);

	it('a key is written into XML so that it can be read from it', async () => {
		const key = `<a>&"'\n</a>`;
		await server.send('PUT', `/limits/${pathOf(key)}`, { body: 'x' });
		const { text } = await server.send('GET', '/limits');
		expect(texts(text, 'Key')).toEqual([key]);
	});
});
