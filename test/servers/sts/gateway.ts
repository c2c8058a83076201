import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gateway {
	readonly endpoint: string;
	stop(): Promise<void>;
}

/** S3 and STS at one address, as on a server of one's own; requests are passed on unchanged. */
export async function startGateway(s3Endpoint: string, stsEndpoint: string): Promise<Gateway> {
	const server = createServer((message, response) => {
		const { method, url = '/', headers } = message;
		const isSts = /\/sts\/aws4_request/.test(headers.authorization ?? '');
		const onward = request(isSts ? stsEndpoint : s3Endpoint, { method, path: url, headers });
		onward.on('response', (incoming) => {
			response.writeHead(incoming.statusCode ?? 502, incoming.headers);
			incoming.pipe(response);
		});
		onward.on('error', () => response.destroy());
		message.pipe(onward);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
