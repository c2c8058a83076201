import { redirect } from '../../../../s3/url/redirect';
import type { FileRequest } from '../../../../s3/url/redirect';
import { failureOf } from '../../failureOf';

const get: FileRequest = {
	url: new URL('https://example.com/a/b?secret=1'),
	method: 'GET',
	headers: { accept: '*/*', authorization: 'Bearer t', 'x-api-key': 'k', 'user-agent': 'n8n' },
	body: undefined,
	secrets: [],
};
const post: FileRequest = {
	...get,
	method: 'POST',
	headers: { ...get.headers, 'content-type': 'application/json', 'content-length': '2' },
	body: '{}',
};

it.each([
	[200, '/c'],
	[304, '/c'],
	[300, '/c'],
	[302, undefined],
])('a response with status %p and the location %p is no redirect', (status, location) => {
	expect(redirect(get, status, location)).toBeUndefined();
});

it('a redirect to the same origin keeps all headers', () => {
	const next = redirect(get, 302, '../c?d=1');
	expect(next?.url.href).toBe('https://example.com/c?d=1');
	expect(next?.headers).toEqual(get.headers);
});

it('a location in UTF-8 that is not encoded is read as browsers do', () => {
	const location = Buffer.from('/Größe übung.pdf?für=1').toString('latin1');
	expect(redirect(get, 302, location)?.url.href).toBe(
		new URL('https://example.com/Größe übung.pdf?für=1').href,
	);
});

it.each([
	['another host', 'https://cdn.example.com/c'],
	['another port', 'https://example.com:8443/c'],
	['plain http', 'http://example.com/c'],
])('a redirect to %s loses all headers that could be secret', (_, location) => {
	expect(redirect(get, 301, location)?.headers).toEqual({ accept: '*/*', 'user-agent': 'n8n' });
});

it('what a redirect has lost does not come back with the first origin', () => {
	const there = redirect(get, 302, 'https://other.example/c');
	const back = redirect(there!, 302, 'https://example.com/d');
	expect(back?.headers).toEqual({ accept: '*/*', 'user-agent': 'n8n' });
});

it('a user name in the location of a redirect is not sent', () => {
	expect(redirect(get, 302, 'https://u:p@example.com/c')?.url.href).toBe('https://example.com/c');
});

it.each([301, 302, 303])('a POST becomes a GET without body by status %p', (status) => {
	const next = redirect(post, status, '/c');
	expect(next).toMatchObject({ method: 'GET', body: undefined, headers: get.headers });
});

it.each([307, 308])('a POST is repeated at the same origin by status %p', (status) => {
	expect(redirect(post, status, '/c')).toEqual({
		...post,
		url: new URL('https://example.com/c'),
	});
});

it('a body is not sent to another origin', () => {
	const failure = failureOf(() => redirect(post, 307, 'https://other.example/c'));
	expect(failure.message).toBe(
		'https://example.com redirects the request to https://other.example, which would get the body',
	);
	expect(redirect(post, 302, 'https://other.example/c')).toMatchObject({ method: 'GET' });
});

it.each(['ftp://example.com/c', 'data:text/plain,x', 'file:///etc/passwd', 'http://['])(
	'a redirect to %s is not followed',
	(location) => {
		const failure = failureOf(() => redirect(get, 302, location));
		expect(failure.message).toContain('not a URL of http:// or https://');
		expect(failure.status).toBe(302);
	},
);
