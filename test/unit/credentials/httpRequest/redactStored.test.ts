import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { storeAnswerWithoutRequest } from '../../../../credentials/httpRequest/redactStored';

const signatureOf = (accessKeyId: string, signature: string) =>
	`AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/eu-west-1/s3/aws4_request, Signature=${signature}`;

let server: Server;
beforeAll(async () => {
	server = createServer((_, response) => response.end());
	await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => server.close());

/** Whether the answer to a request with this header says itself what is stored of it. */
async function isShortened(authorization: string): Promise<boolean> {
	const { port } = server.address() as AddressInfo;
	const request = get({ port, host: '127.0.0.1', headers: { authorization }, agent: false });
	const [response] = (await once(request, 'response')) as [IncomingMessage];
	response.resume();
	await once(response, 'close');
	return 'toJSON' in response;
}

it('shortens what is stored of answers to every request with the same keys, and of no other', async () => {
	storeAnswerWithoutRequest(signatureOf('OURS', 'first'));
	storeAnswerWithoutRequest('Basic ours');
	expect(await isShortened(signatureOf('OURS', 'first'))).toBe(true);
	expect(await isShortened(signatureOf('OURS', 'second'))).toBe(true);
	expect(await isShortened('Basic ours')).toBe(true);
	expect(await isShortened(signatureOf('OTHER', 'first'))).toBe(false);
	expect(await isShortened('Basic other')).toBe(false);
});

it('forgets the keys that signed longest ago', async () => {
	const keys = Array.from({ length: 10_000 }, (_, i) => signatureOf(`KEY${i}`, 'one'));
	keys.forEach(storeAnswerWithoutRequest);
	storeAnswerWithoutRequest(signatureOf('KEY0', 'two'));
	storeAnswerWithoutRequest(signatureOf('NEW', 'one'));
	expect(await isShortened(signatureOf('KEY0', 'three'))).toBe(true);
	expect(await isShortened(signatureOf('KEY1', 'one'))).toBe(false);
	expect(await isShortened(signatureOf('KEY2', 'one'))).toBe(true);
	expect(await isShortened(signatureOf('NEW', 'one'))).toBe(true);
});

it('does no harm where the package was loaded a second time', async () => {
	const harm = jest.fn();
	process.on('uncaughtException', harm);
	await jest.isolateModulesAsync(async () => {
		const second = await import('../../../../credentials/httpRequest/redactStored');
		for (const store of [storeAnswerWithoutRequest, second.storeAnswerWithoutRequest]) {
			store(signatureOf('BOTH', 'one'));
		}
		expect(await isShortened(signatureOf('BOTH', 'one'))).toBe(true);
	});
	process.off('uncaughtException', harm);
	expect(harm).not.toHaveBeenCalled();
});
