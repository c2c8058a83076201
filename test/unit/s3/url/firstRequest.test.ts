import { firstRequest } from '../../../../s3/url/firstRequest';
import { failureOf } from '../../failureOf';

it('the first request asks for the bytes as they are', () => {
	const { url, method, headers, body } = firstRequest({ url: 'https://example.com/a' });
	expect([url.href, method, body]).toEqual(['https://example.com/a', 'GET', undefined]);
	expect(headers).toEqual({
		accept: '*/*',
		'accept-encoding': 'identity',
		'user-agent': 'n8n-nodes-amazon-s3',
	});
});

it('the headers that are given replace those of each request, whatever their case', () => {
	const headers = { Accept: 'text/csv', 'X-Api-Key': ' k\tkä ' };
	expect(firstRequest({ url: 'http://e.test/', headers }).headers).toMatchObject({
		accept: 'text/csv',
		'x-api-key': 'k\tkä',
	});
});

it('user name and password of a URL become a header', () => {
	const { url, headers } = firstRequest({ url: 'https://us%C3%A9r:p%3A@example.com/a' });
	expect(url.href).toBe('https://example.com/a');
	expect(headers.authorization).toBe(`Basic ${Buffer.from('usér:p:').toString('base64')}`);
});

it('a POST has its body with its length in bytes, a GET has none', () => {
	const asked = { url: 'https://example.com/', body: 'ä' };
	expect(firstRequest({ ...asked, method: 'POST' })).toMatchObject({
		body: 'ä',
		headers: { 'content-length': '2' },
	});
	expect(firstRequest(asked).body).toBeUndefined();
	expect(firstRequest({ ...asked, method: 'POST', body: undefined }).body).toBe('');
});

it.each([
	'',
	'example.com/a',
	'ftp://example.com/a',
	'file:///etc/passwd',
	'data:,secret',
	'http://',
])('the URL %p is refused without being shown', (url) => {
	const failure = failureOf(() => firstRequest({ url }));
	expect(failure.kind).toBe('invalid');
	expect(failure.message).toBe('The URL is not one of http:// or https://');
});

it.each(['Host', 'Content-Length', 'Transfer-Encoding', 'Range', 'Proxy-Authorization', 'TE'])(
	'the header %s cannot be given',
	(name) => {
		const failure = failureOf(() =>
			firstRequest({ url: 'http://e.test/', headers: { [name]: 'secret' } }),
		);
		expect(failure.message).toBe(`The header ${name.toLowerCase()} cannot be given`);
	},
);

it.each([
	['a b', 'x', 'The name of a header has characters that HTTP does not allow'],
	['a:b', 'x', 'The name of a header has characters that HTTP does not allow'],
	['x-key', 'secret\r\nx: y', 'The header x-key has a character that HTTP cannot carry'],
	['x-key', 'secret€', 'The header x-key has a character that HTTP cannot carry'],
])(
	'the header %p with the value %p is refused, and its value not shown',
	(name, value, message) => {
		const failure = failureOf(() =>
			firstRequest({ url: 'http://e.test/', headers: { [name]: value } }),
		);
		expect(failure.message).toBe(message);
		expect(failure.description).not.toContain('secret');
	},
);

it('two headers whose names differ in case alone are refused', () => {
	const headers = { 'X-Key': 'one', 'x-key ': 'planted' };
	const failure = failureOf(() => firstRequest({ url: 'https://example.com/', headers }));
	expect(failure).toMatchObject({
		kind: 'invalid',
		message: 'The header x-key is given twice',
	});
	expect(failure.description).not.toContain('planted');
});
