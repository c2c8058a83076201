/** The codes are those that Node gives: each is the end of a real connection. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { connect, createServer as createTlsServer } from 'node:tls';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { explanationOfNetwork } from '../../../../s3/errors/networkErrors';
import { issue } from '../../../servers/rolesAnywhere/authority';

const HOUR = 3_600_000;
const host = '127.0.0.1';
const authority = issue({ name: 'Private CA', ca: true });
const ca = authority.pem;
const own = (options: object = {}) => {
	const { pem, keyPem } = issue({ name: 'server', hosts: [host], ...options }, authority);
	return { cert: pem, key: keyPem };
};
const selfSigned = issue({ name: 'server', hosts: [host] });
const good = own();

/** The code of the error with which a connection by TLS ends. */
async function codeOf(server: Server, options: ConnectionOptions = {}): Promise<string> {
	await once(server.listen(0, host), 'listening');
	const { port } = server.address() as AddressInfo;
	const socket = connect({ host, port, ...options });
	const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
	socket.destroy();
	server.close();
	return error.code ?? '';
}

const tlsCode = (settings: TlsOptions, options?: ConnectionOptions) =>
	codeOf(createTlsServer(settings), options);

it.each<[words: string, retryable: boolean, code: () => Promise<string>]>([
	[
		'the connection was broken off',
		true,
		() => codeOf(createServer((socket) => socket.resetAndDestroy())),
	],
	['nothing accepts connections there', true, () => codeOf(createServer(), { port: 1 })],
	[
		'it does not speak TLS as expected',
		false,
		() => codeOf(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
	],
	[
		'its TLS certificate is not trusted',
		false,
		() => tlsCode({ cert: selfSigned.pem, key: selfSigned.keyPem }),
	],
	['its TLS certificate is not trusted', false, () => tlsCode(good)],
	['its TLS certificate is not trusted', false, () => tlsCode({ ...good, cert: good.cert + ca })],
	[
		'its TLS certificate is outside its dates',
		false,
		() => tlsCode(own({ notAfter: new Date(Date.now() - HOUR) }), { ca }),
	],
	[
		'its TLS certificate is outside its dates',
		false,
		() => tlsCode(own({ notBefore: new Date(Date.now() + HOUR) }), { ca }),
	],
	[
		'its TLS certificate is for another host name',
		false,
		() => tlsCode(own({ hosts: ['192.0.2.1'] }), { ca }),
	],
])(
	'a connection that fails is explained: %s, may pass: %p (case %#)',
	async (words, retryable, code) => {
		expect(explanationOfNetwork(await code(), host)).toMatchObject({ words, retryable });
	},
);

it.each([
	['EAI_AGAIN', 'the host name could not be looked up', true],
	['ENOTFOUND', 'the host name is not known', false],
	['EPIPE', 'the connection was broken off', true],
	['ETIMEDOUT', 'it did not answer in time', true],
	['TimeoutError', 'it did not answer in time', true],
	['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'it does not speak TLS as expected', false],
	['EPROTO', 'it does not speak TLS as expected', false],
	['CERT_UNTRUSTED', 'its TLS certificate is not trusted', false],
	['UNABLE_TO_GET_ISSUER_CERT', 'its TLS certificate is not trusted', false],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its TLS certificate is not trusted', false],
])('the code %s means: %s, may pass: %p', (code, words, retryable) => {
	const explanation = explanationOfNetwork(code, host);
	expect(explanation).toMatchObject({ words, retryable });
	expect(explanation.advice).toMatch(/^[A-Z].*\.$/);
});

it('a code that is not known may pass, because the network may be all that was wrong', () => {
	expect(explanationOfNetwork('ESOMETHING', host)).toMatchObject({
		words: 'the request did not get through',
		retryable: true,
	});
});

it.each(['localhost', '127.0.0.1', '[::1]', '0.0.0.0', '[::]'])(
	'the advice on a refused connection to %s says whose that is in a container',
	(hostname) => {
		expect(explanationOfNetwork('ECONNREFUSED', hostname).advice).toBe(
			`Check host and port of the endpoint and that the server is running. If n8n runs in a container, ${hostname} is that container itself: enter the name of the other container, or host.docker.internal.`,
		);
	},
);

it('the advice on a refused connection to another host says nothing of containers', () => {
	for (const hostname of ['minio', '10.0.0.1', undefined]) {
		expect(explanationOfNetwork('ECONNREFUSED', hostname).advice).toBe(
			'Check host and port of the endpoint and that the server is running.',
		);
	}
	expect(explanationOfNetwork('ECONNRESET', 'localhost').advice).not.toContain('container');
});
