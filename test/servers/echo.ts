import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that repeats each request in its error, as some servers and proxies do to be helpful. */
export interface EchoServer {
	readonly endpoint: string;
	/** Requests so far. */
	readonly requests: number;
	/** How it responds from now on. */
	respond(status: number, page: EchoPage): void;
	close(): void;
}

/** Makes the body of an error out of what a request was, in several spellings. */
export type EchoPage = (echo: string) => { type: string; body: string };

const xmlText = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** An error as S3 and STS have it, with the request in all fields of it. */
export const xmlPage: EchoPage = (echo) => {
	const text = xmlText(echo);
	const error = `<Error><Code>${text}</Code><Message>${text}</Message></Error><RequestId>${text}</RequestId>`;
	return { type: 'application/xml', body: `<ErrorResponse>${error}</ErrorResponse>` };
};

/** The same with a root of S3. */
export const s3Page: EchoPage = (echo) => {
	const text = xmlText(echo);
	const fields = `<Code>${text}</Code><Message>${text}</Message><RequestId>${text}</RequestId>`;
	return { type: 'application/xml', body: `<Error>${fields}</Error>` };
};

/** An error as IAM Roles Anywhere has it. */
export const jsonPage: EchoPage = (echo) => ({
	type: 'application/json',
	body: JSON.stringify({ message: echo, code: echo }),
});

export const htmlPage: EchoPage = (echo) => ({
	type: 'text/html',
	body: `<html><h1>Refused</h1><pre>${xmlText(echo)}</pre></html>`,
});

export const textPage: EchoPage = (echo) => ({ type: 'text/plain', body: echo });

/** What a request was, as it is, URL-encoded, HTML-escaped and in Base64. */
function spellings(headers: object): string {
	const values = Object.values(headers).map(String);
	// The spelling that shows a secret must come soon: messages are cut.
	const secrets = values.filter((value) => value.includes('planted') || value.startsWith('Basic '));
	return [
		...secrets,
		...secrets.map(encodeURIComponent),
		...secrets.map(xmlText),
		...secrets.map((value) => Buffer.from(value).toString('base64')),
		JSON.stringify(headers),
	].join(' ');
}

/** Starts the server on a free port of this machine. */
export async function startEchoServer(): Promise<EchoServer> {
	let [status, page] = [400, s3Page];
	let requests = 0;
	const server = createServer((request, response) => {
		requests += 1;
		request.resume();
		const echo = spellings(request.headers);
		const { type, body } = page(echo);
		const inHeader = echo.replace(/[^ -~]/g, '');
		response
			.writeHead(status, { 'content-type': type, 'x-amz-request-id': inHeader })
			.end(request.method === 'HEAD' ? undefined : body);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
		get requests() {
			return requests;
		},
		respond: (...next) => {
			[status, page] = next;
		},
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
