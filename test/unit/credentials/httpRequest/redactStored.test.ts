import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { redactSignedRequests } from '../../../../credentials/httpRequest/redactStored';

const SIGNED = 'AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/s3/aws4_request, Signature=0f';

let server: Server;
beforeAll(async () => {
	server = createServer((_, response) => response.end());
	await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => server.close());

async function exchange(headers: Record<string, string>) {
	const { port } = server.address() as AddressInfo;
	const request = get({ port, host: '127.0.0.1', headers, agent: false });
	const [response] = (await once(request, 'response')) as [IncomingMessage];
	response.resume();
	await once(response, 'close');
	return { request, response };
}

it('a signed request is its method in JSON, and its response is status and headers', async () => {
	redactSignedRequests();
	const { request, response } = await exchange({ authorization: SIGNED });
	expect(JSON.parse(JSON.stringify(request))).toEqual({ method: 'GET' });
	expect(JSON.parse(JSON.stringify(response))).toEqual({
		statusCode: 200,
		headers: response.headers,
	});
});

it.each<[string, Record<string, string>]>([
	['without an Authorization header', {}],
	['with another Authorization header', { authorization: 'Bearer token' }],
])('a request %s and its response stay as they are', async (_which, headers) => {
	redactSignedRequests();
	const { request, response } = await exchange(headers);
	expect(request).not.toHaveProperty('toJSON');
	expect(response).not.toHaveProperty('toJSON');
});

it('a second copy of the package does no harm', async () => {
	const harm = jest.fn();
	process.on('uncaughtException', harm);
	redactSignedRequests();
	await jest.isolateModulesAsync(async () => {
		const second = await import('../../../../credentials/httpRequest/redactStored');
		second.redactSignedRequests();
		const { request } = await exchange({ authorization: SIGNED });
		expect(JSON.parse(JSON.stringify(request))).toEqual({ method: 'GET' });
	});
	process.off('uncaughtException', harm);
	expect(harm).not.toHaveBeenCalled();
});
