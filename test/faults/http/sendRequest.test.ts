import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { agentsFor } from '../../../s3/http/agentsFor';
import { sendRequest } from '../../../s3/http/sendRequest';
import { sends, withFileServer } from '../../servers/fileServer';

const files = withFileServer();
const settings = { proxy: { kind: 'none' as const }, ignoreSslIssues: false };

const send = async (url: string, { connect = 10_000, response = 10_000 }) => {
	const agents = await agentsFor({ ...settings, caCertificate: undefined, egress: undefined });
	const request = { url: new URL(url), method: 'GET', headers: {} };
	return await sendRequest(request, agents, undefined, { connect, response });
};

it('a server that accepts connections but speaks no TLS is given up after the time to connect', async () => {
	const silent = createServer().listen(0, '127.0.0.1');
	await once(silent, 'listening');
	try {
		const { port } = silent.address() as AddressInfo;
		const sent = send(`https://127.0.0.1:${port}/`, { connect: 50 });
		await expect(sent).rejects.toMatchObject({ code: 'ETIMEDOUT' });
	} finally {
		silent.close();
	}
});

it('a response may take longer than a connection', async () => {
	const url = files.on('/x', (response, asked) =>
		setTimeout(() => {
			sends('a')(response, asked);
		}, 100),
	);
	const response = await send(url, { connect: 20, response: 5000 });
	expect(response.statusCode).toBe(200);
	response.destroy();
});

it('a server that accepts a connection but does not respond is given up after the time for a response', async () => {
	const url = files.on('/x', () => undefined);
	await expect(send(url, { response: 200 })).rejects.toMatchObject({ code: 'TimeoutError' });
});
