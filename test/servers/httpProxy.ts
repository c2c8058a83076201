import { createServer, request as requestHttp } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What a proxy was asked for. */
interface Proxied {
	method: string | undefined;
	/** `host:port` of a tunnel, the whole URL of a request. */
	target: string;
	/** Of the connection to the proxy that it came over. */
	port: number | undefined;
	/** The status of the proxy's own response; undefined if it let the request through. */
	refused: number | undefined;
	/** The name that the proxy was asked for by TLS. */
	servername: string | undefined;
}

export interface HttpProxy {
	url: string;
	host: string;
	proxied: Proxied[];
	/** A status to refuse everything with from now on, and headers beside it. */
	refuseWith(status: number | undefined, headers?: Record<string, string>): void;
	stop(): Promise<void>;
}

interface HttpProxyOptions {
	/** `user:password`, which are then wanted. */
	credentials?: string;
	tls?: { cert: string; key: string };
	/** `host:port` of servers by the `host:port` that only the proxy knows them by. */
	hosts?: Record<string, string>;
}

/** A proxy for tunnels and for requests with whole URLs, with a password if one is wanted. */
export async function startHttpProxy(options: HttpProxyOptions = {}): Promise<HttpProxy> {
	const proxied: Proxied[] = [];
	const sockets = new Set<Socket>();
	let refusal: number | undefined;
	let headersOfRefusal: Record<string, string> = {};

	function addressOf(authority: string): URL {
		return new URL(`http://${options.hosts?.[authority] ?? authority}`);
	}

	/** The status that a request is refused with. */
	function admit(request: IncomingMessage): number | undefined {
		const { credentials } = options;
		const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
		const known = wanted === undefined || request.headers['proxy-authorization'] === wanted;
		const refused = known ? refusal : 407;
		const { method, url: target = '', socket } = request;
		const { servername } = socket as Socket & { servername?: string };
		proxied.push({ method, target, port: socket.remotePort, refused, servername });
		return refused;
	}

	function forward(request: IncomingMessage, response: ServerResponse): void {
		const refused = admit(request);
		if (refused !== undefined) {
			request.resume();
			const headers = { 'content-type': 'text/html', ...headersOfRefusal };
			response.writeHead(refused, headers).end('<html>no</html>');
			return;
		}
		const [, authority = '', path = '/'] = /^http:\/\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
		// The host of the URL overrides the header (RFC 9112, section 3.2.2).
		const headers = { ...request.headers, host: authority };
		delete headers['proxy-authorization'];
		const { hostname: host, port } = addressOf(authority);
		const upstream = requestHttp({ host, port, path, method: request.method, headers });
		upstream.once('response', (incoming) => {
			response.writeHead(incoming.statusCode ?? 502, incoming.rawHeaders);
			incoming.pipe(response);
		});
		upstream.once('error', () => response.writeHead(502).end());
		// The client has closed the connection.
		response.once('close', () => upstream.destroy());
		request.pipe(upstream);
	}

	const server =
		options.tls === undefined ? createServer(forward) : createTlsServer(options.tls, forward);
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
		client.on('error', () => client.destroy());
		const refused = admit(request);
		if (refused !== undefined) {
			client.end(`HTTP/1.1 ${refused} No\r\nContent-Type: text/html\r\n\r\n<html>no</html>`);
			return;
		}
		const { hostname, port } = addressOf(request.url ?? '');
		const upstream = connect(Number(port || 80), hostname, () => {
			client.write('HTTP/1.1 200 Connection established\r\n\r\n');
			upstream.write(head);
			upstream.pipe(client).pipe(upstream);
		});
		sockets.add(upstream);
		upstream.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
		client.once('close', () => upstream.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
		host: `127.0.0.1:${port}`,
		proxied,
		refuseWith: (status, headers = {}) => {
			refusal = status;
			headersOfRefusal = headers;
		},
		stop: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
