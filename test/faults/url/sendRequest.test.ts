import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { agentsFor } from '../../../s3/http/agentsFor';
import { firstRequest } from '../../../s3/url/firstRequest';
import { PATIENCE, sendRequest } from '../../../s3/url/sendRequest';
import { sends, withFileServer } from '../../servers/fileServer';

const files = withFileServer();
const settings = { proxy: { kind: 'none' as const }, ignoreSslIssues: false };

const send = async (url: string, patience = {}) => {
	const agents = await agentsFor({ ...settings, caCertificate: undefined, egress: undefined });
	const request = firstRequest({ url });
	return await sendRequest(request, agents, undefined, { ...PATIENCE, ...patience });
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
