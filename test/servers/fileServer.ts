/** A server of files that is none of S3, for a file of tests. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What was asked for. */
interface Asked {
	method: string | undefined;
	path: string | undefined;
	headers: IncomingMessage['headers'];
	body: string;
}

/** How the server responds to a request for a path. */
export type Respond = (response: ServerResponse, asked: Asked) => void;

export interface FileServer {
	/** Without a path. Another name of the same machine makes it another origin. */
	readonly origin: string;
	readonly otherOrigin: string;
	readonly requests: Asked[];
	/** Responds like this to requests for a path, without its query; to others with 404. */
	on(path: string, respond: Respond): string;
}

/** Starts a server before the first test of a file and stops it after the last; each test begins without paths. */
export function withFileServer(): FileServer {
	const paths = new Map<string, Respond>();
	const requests: Asked[] = [];
	const server = createServer((message, response) => {
		void text(message).then((body) => {
			const { method, url: path, headers } = message;
			const asked = { method, path, headers, body };
			requests.push(asked);
			const respond = paths.get(path?.replace(/\?.*$/s, '') ?? '');
			if (respond === undefined) response.writeHead(404).end('nothing here');
			else respond(response, asked);
		});
	});
	const origins = { origin: '', otherOrigin: '' };
	beforeAll(async () => {
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		origins.origin = `http://127.0.0.1:${port}`;
		origins.otherOrigin = `http://files.localhost:${port}`;
	});
	beforeEach(() => {
		paths.clear();
		requests.length = 0;
	});
	afterAll(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
	return Object.assign(origins, {
		requests,
		on: (path: string, respond: Respond) => {
			paths.set(path, respond);
			return `${origins.origin}${path}`;
		},
	});
}

/** Responds with a file of a known length. */
export const sends =
	(content: Buffer | string, headers: Record<string, string> = {}): Respond =>
	(response) => {
		response.writeHead(200, { 'content-length': Buffer.byteLength(content), ...headers });
		response.end(content);
	};

/** Responds with a redirect. */
export const redirectsTo =
	(location: string, status = 302): Respond =>
	(response) => {
		response.writeHead(status, { location }).end('elsewhere');
	};
