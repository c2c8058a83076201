import { once } from 'node:events';
import { createServer, request as requestHttp } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer, request as requestHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import { agentsFor } from '../../../../s3/http/agentsFor';
import { connectionTo } from '../../../servers/connectionTo';
import { startHttpProxy } from '../../../servers/httpProxy';
import type { HttpProxy } from '../../../servers/httpProxy';
import { issue } from '../../../servers/rolesAnywhere/authority';
import { withServer } from '../../../servers/withServer';

const authority = issue({ name: 'Private CA', ca: true });
const { pem: cert, keyPem: key } = issue({ name: 'server', hosts: ['127.0.0.1'] }, authority);

/** Like S3, they do not say for how long they keep a connection. */
const respond = (_: IncomingMessage, response: ServerResponse) => response.end('a response');
const servers = {
	http: createServer({ keepAliveTimeout: 0 }, respond),
	https: createTlsServer({ cert, key, keepAliveTimeout: 0 }, respond),
};

const s3 = withServer();
let proxy: HttpProxy;

beforeAll(async () => {
	proxy = await startHttpProxy();
	for (const server of Object.values(servers)) {
		await once(server.listen(0, '127.0.0.1'), 'listening');
	}
});
afterAll(async () => {
	for (const server of Object.values(servers)) {
		server.closeAllConnections();
		server.close();
	}
	await proxy.stop();
});

it('an authority of one’s own is trusted beside the public ones', async () => {
	const { httpsAgent } = await agentsFor(connectionTo(s3, { caCertificate: authority.pem }));
	const { options } = httpsAgent as unknown as { options: { ca: string[] } };
	expect(options.ca).toEqual(expect.arrayContaining([...rootCertificates, authority.pem]));
});

describe.each([
	['without a proxy', () => ({ kind: 'none' }) as const],
	[
		'through a proxy',
		() => ({ kind: 'custom', url: proxy.url, user: undefined, password: undefined }) as const,
	],
])('a connection %s', (way, settings) => {
	it.each(['http', 'https'] as const)(
		`a connection ${way} by %s is kept for the next request, and closed when unused for a minute`,
		async (scheme) => {
			const { port } = servers[scheme].address() as AddressInfo;
			const url = `${scheme}://127.0.0.1:${String(port)}`;
			const agents = await agentsFor(
				connectionTo(s3, { proxy: settings(), caCertificate: authority.pem }),
			);
			const sockets: Socket[] = [];
			for (let time = 0; time < 2; time += 1) {
				const request =
					scheme === 'https'
						? requestHttps(url, { agent: agents.httpsAgent })
						: requestHttp(url, { agent: agents.httpAgent });
				const [message] = (await once(request.end(), 'response')) as [IncomingMessage];
				sockets.push(message.socket);
				await once(message.resume(), 'end');
				await new Promise(setImmediate);
			}
			const [socket, again] = sockets;
			expect(again).toBe(socket);
			expect(socket?.timeout).toBe(60_000);
			// The minute is made shorter, what happens at its end is not.
			socket?.setTimeout(10);
			await once(socket as Socket, 'close');
		},
	);
});
