import { nameOfServer, secretsOfFile } from '../../../../s3/url/serverName';

const first = new URL('https://files.example.com/bot/0123456789-planted-path/a.pdf?key=planted-q');
const headers = {
	accept: 'application/planted-type',
	authorization: `Basic ${Buffer.from('me:planted-login').toString('base64')}`,
	cookie: 'id=planted-cookie; a=b',
	referer: 'https://files.example.com/',
	'x-api-key': 'planted',
};

it.each([
	['a header', 'planted.invalid'],
	['a header in upper case', 'PLANTED.invalid'],
	['a header in hexadecimal digits', `${Buffer.from('planted-cookie').toString('hex')}.invalid`],
	['a cookie', 'planted-cookie.invalid'],
	['a login', 'planted-login.invalid'],
	['the query', 'a.planted-q.invalid'],
	['the path', '0123456789-planted-path.invalid'],
	['the body', 'planted-body.invalid'],
])('the name of a server that has %s of the request in it is not shown', (_, host) => {
	const secrets = secretsOfFile(first, headers, '{"a": "planted-body"}');
	const { origin, hostname } = nameOfServer(new URL(`https://${host}`), secrets);
	expect(origin).toMatch(/^https:\/\/.*…/);
	expect(`${origin}${hostname}`).not.toMatch(/planted|706c616e/i);
});

it('the name of another server is shown as it is, and that of the first one whatever a Referer says', () => {
	const secrets = secretsOfFile(first, headers, undefined);
	expect(nameOfServer(first, secrets).origin).toBe('https://files.example.com');
	expect(nameOfServer(new URL('http://type.example.com:81/x'), secrets)).toEqual({
		origin: 'http://type.example.com:81',
		host: 'type.example.com:81',
		hostname: 'type.example.com',
	});
});

it('a name without end is cut', () => {
	const { origin } = nameOfServer(new URL(`https://${'a'.repeat(5000)}.invalid`), []);
	expect(origin.length).toBeLessThan(1100);
});
