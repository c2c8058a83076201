import { Agent } from 'node:http';
import type { RolesAnywhereIdentity } from '../../../../s3/Connection';
import { newSession } from '../../../../s3/identity/identityFor';
import { issue } from '../../../servers/rolesAnywhere/authority';
import { rejectionOf } from '../../failureOf';
import { agents, openLab, serve } from './rolesAnywhere/lab';
import type { Lab } from './rolesAnywhere/lab';

let lab: Lab;
beforeEach(async () => {
	lab = await openLab();
});
afterEach(() => lab.close());

const rejectedWith = async (changes: Partial<RolesAnywhereIdentity> = {}) =>
	rejectionOf(lab.session(changes));

it('a connection that is used again keeps nothing of the requests before', async () => {
	const httpAgent = new Agent({ keepAlive: true });
	const context = { region: 'eu-central-1', agents: { ...agents, httpAgent } };
	const listeners = async () => {
		await newSession(lab.identity(), context, { signal: undefined });
		await new Promise(setImmediate);
		const [socket] = Object.values(httpAgent.freeSockets).flat();
		return socket?.listenerCount('connect');
	};
	const [first, , third] = [await listeners(), await listeners(), await listeners()];
	httpAgent.destroy();
	expect([first, third]).toEqual([0, 0]);
});

it('a long response is cut after 256 KiB', async () => {
	lab.service.faults.push({ edit: (body) => ' '.repeat(300 * 1024) + body });
	expect((await rejectedWith()).message).toContain(
		'unexpected response (HTTP 201, application/json)',
	);
});

it('a response without end is not read for ever', async () => {
	const endless = await serve(({ socket }, response) => {
		response.writeHead(200);
		const more = () => {
			while (socket.writable && response.write('x'.repeat(65_536)));
		};
		response.on('drain', more);
		more();
	});
	const failure = await rejectedWith({ endpoint: endless.endpoint });
	endless.close();
	expect(failure.message).toContain('unexpected response (HTTP 200, no content type)');
});

it('the failure names the host at which nothing listens', async () => {
	const endpoint = lab.service.endpoint;
	await lab.close();
	const failure = await rejectedWith({ endpoint });
	expect(failure).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED' });
	expect(failure.message).toContain(`${new URL(endpoint).host} could not be reached`);
});

it('the failure says that the service did not answer in time', async () => {
	lab.service.faults.push(...Array.from({ length: 4 }, () => ({ delay: 60_000 })));
	const failure = await rejectionOf(lab.session({}, { timeout: 50, retryFor: 0 }));
	expect(failure).toMatchObject({ kind: 'unreachable', code: 'TimeoutError' });
	expect(failure.message).toContain('it did not answer in time');
});

it('the failure names a host that does not exist', async () => {
	const failure = await rejectedWith({ endpoint: 'https://rolesanywhere.invalid' });
	expect(failure).toMatchObject({ kind: 'unreachable' });
	expect(failure.message).toContain('rolesanywhere.invalid');
	expect(failure.advice).toMatch(/DNS/);
});

it('the failure says that the TLS certificate of the service is not trusted', async () => {
	const server = issue({ name: 'localhost', hosts: ['127.0.0.1'] });
	const secure = await openLab({ tls: { key: server.keyPem, cert: server.pem } });
	const failure = await rejectionOf(secure.session());
	await secure.close();
	expect(failure.kind).toBe('unreachable');
	expect(failure.message).toContain('its TLS certificate is not trusted');
	expect(secure.service.requestCount).toBe(0);
});
