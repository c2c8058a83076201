/** Servers that mean harm, each under a path of its own, as the endpoint of a credential names it. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createRawServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

const MiB = 1024 * 1024;
const xml = { 'content-type': 'application/xml' };
const object = { etag: '"a"', 'last-modified': 'Wed, 21 Oct 2015 07:28:00 GMT' };
const filler = Buffer.alloc(64 * 1024, 'x');
/** 400 KB that become 400 MB. */
const bomb = Buffer.concat(Array.from({ length: 100 }, () => gzipSync(Buffer.alloc(4 * MiB))));

type Respond = (response: ServerResponse, request: IncomingMessage, count: number) => void;

const whole =
	(status: number, headers: object, body: string | Buffer): Respond =>
	(response, { method }) => {
		response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
		response.end(method === 'HEAD' ? undefined : body);
	};

/** A response that has a beginning and no end. */
const endless =
	(status: number, headers: Record<string, string>, beginning = ''): Respond =>
	(response) => {
		response.writeHead(status, headers).write(beginning);
		const more = () => {
			while (!response.destroyed && response.write(filler));
		};
		response.on('drain', more);
		more();
	};

const errorOf = (message: string): string =>
	`<Error><Code>Strange</Code><Message>${message}</Message></Error>`;

const longKeys = Array.from(
	{ length: 1000 },
	(_, i) => `<Contents><Key>${'a'.repeat(900)}${String(i).padStart(4, '0')}</Key></Contents>`,
).join('');

/** Each of them is asked for a list of objects, a list of buckets or an object, and how often is counted. */
export const RESPONSES = {
	'endless-listing': endless(200, xml, '<ListBucketResult>'),
	'empty-pages': (response, request, count) => {
		const body = `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>${count}</NextContinuationToken></ListBucketResult>`;
		whole(200, xml, body)(response, request, count);
	},
	'other-regions': (response, request, count) => {
		const headers = { ...xml, 'x-amz-bucket-region': `eu-west-${count}` };
		whole(301, headers, errorOf('elsewhere'))(response, request, count);
	},
	'long-keys': whole(200, xml, `<ListBucketResult>${longKeys}</ListBucketResult>`),
	'endless-buckets': endless(200, xml, '<ListAllMyBucketsResult>'),
	'same-token': whole(
		200,
		xml,
		'<ListAllMyBucketsResult><Buckets/><ContinuationToken>same</ContinuationToken></ListAllMyBucketsResult>',
	),
	'endless-error': endless(403, xml, '<Error><Message>'),
	'long-error': whole(400, xml, errorOf('no\n '.repeat(100_000))),
	'document-types': whole(403, xml, '<!DOCTYPE a>'.repeat(40_000) + errorOf('x')),
	'endless-text': endless(200, object),
	'gzip-bomb': whole(200, { ...object, 'content-encoding': 'gzip' }, bomb),
	'many-parts': whole(
		200,
		{ ...object, 'x-amz-checksum-sha256': 'AAAA-4000000', 'x-amz-mp-parts-count': '4000000' },
		Buffer.alloc(4_000_000, 'x'),
	),
	'refused-session': whole(
		403,
		xml,
		`<ErrorResponse><Error><Code>AccessDenied</Code><Message>x${' '.repeat(200_000)}y</Message></Error></ErrorResponse>`,
	),
} satisfies Record<string, Respond>;

export type Harm = keyof typeof RESPONSES;

export interface HostileServers {
	/** The endpoint of a server. */
	endpointOf(harm: Harm): string;
	/** How often it was asked. */
	askedFor(harm: Harm): number;
	/** Redirects with status 307 to `elsewhere`, whatever it is asked. */
	readonly redirecting: string;
	/** Redirects to the link-local address of metadata services. */
	readonly toMetadata: string;
	/** Of another origin; nobody may ask it. */
	readonly elsewhere: string;
	/** At an address that n8n blocks; nobody may ask it. */
	readonly blocked: string;
	/** Requests that got to those that nobody may ask. */
	readonly strayed: string[];
	/** Sends each object with a second response behind it. */
	readonly twofold: string;
	stop(): void;
}

export async function startHostileServers(): Promise<HostileServers> {
	const counts = new Map<string, number>();
	const strayed: string[] = [];
	const stray = createHttpServer(({ method, url, headers }, response) => {
		strayed.push(`${method ?? ''} ${headers.host ?? ''}${url ?? ''}`);
		response.end('strayed');
	});
	const blocked = createHttpServer((request, response) => stray.emit('request', request, response));
	const harmful = createHttpServer((request, response) => {
		request.resume();
		const [, name = ''] = (request.url ?? '').split(/[/?]/);
		const count = (counts.get(name) ?? 0) + 1;
		counts.set(name, count);
		if (name === 'redirecting') {
			response.writeHead(307, { location: `${urlOf(stray)}/secret` }).end();
		} else if (name === 'to-metadata') {
			response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
		} else RESPONSES[name as Harm](response, request, count);
	});
	const sockets = new Set<Socket>();
	const twofold = createRawServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined).on('data', (head) => sendTwice(socket, head.toString()));
	});
	const http = [stray, blocked, harmful];
	for (const server of [stray, harmful, twofold]) await listen(server, '127.0.0.1');
	await listen(blocked, '127.0.0.2');
	return {
		endpointOf: (harm) => `${urlOf(harmful)}/${harm}`,
		askedFor: (harm) => counts.get(harm) ?? 0,
		redirecting: `${urlOf(harmful)}/redirecting`,
		toMetadata: `${urlOf(harmful)}/to-metadata`,
		elsewhere: urlOf(stray),
		blocked: urlOf(blocked),
		strayed,
		twofold: urlOf(twofold),
		stop: () => {
			for (const socket of sockets) socket.destroy();
			for (const server of http) server.closeAllConnections();
			for (const server of [...http, twofold]) server.close();
		},
	};
}

/** Responds with the key that was asked for, and then with another object that nobody has asked for. */
function sendTwice(socket: Socket, head: string): void {
	const key = /^GET \/bucket\/(\w+)/.exec(head)?.[1] ?? '';
	const responses = [key, 'evil'].map(
		(body) => `HTTP/1.1 200 OK\r\nETag: "${key}"\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
	);
	// What comes later than this, after the next request was sent, nobody can tell from its response.
	socket.write(responses.join(''));
}

async function listen(server: Server, host: string): Promise<void> {
	await once(server.listen(0, host), 'listening');
}

function urlOf(server: Server): string {
	const { address, port } = server.address() as AddressInfo;
	return `http://${address}:${port}`;
}
