/** Certificates of one's own, for S3 and for the services that lend sessions alike. */
import { once } from 'node:events';
import { createServer, Agent, request as requestHttps } from 'node:https';
import { createServer as createHttpServer, request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { openS3 } from '../../../s3/client/openS3';
import type { Connection } from '../../../s3/Connection';
import { agentsFor } from '../../../s3/http/agentsFor';
import { listObjects } from '../../../s3/list/listObjects';
import { connectionTo } from '../../servers/connectionTo';
import type { User } from '../../servers/embedded';
import { startHttpProxy } from '../../servers/httpProxy';
import { issue } from '../../servers/rolesAnywhere/authority';
import { startSts } from '../../servers/sts/server';
import type { StsServer } from '../../servers/sts/server';
import { openLab } from '../../unit/s3/identity/rolesAnywhere/lab';
import type { Lab } from '../../unit/s3/identity/rolesAnywhere/lab';
import { rejectionOf } from '../../unit/failureOf';
import { withServer } from '../../servers/withServer';

const bucket = 'bucket';
const ROLE = 'arn:aws:iam::111122223333:role/loader';
const authority = issue({ name: 'Private CA', ca: true });
const { pem: cert, keyPem: key } = issue({ name: 'server', hosts: ['127.0.0.1'] }, authority);

const plain = withServer({ buckets: [bucket] });
const secure = withServer({ buckets: [bucket], tls: { cert, key } });
let sts: StsServer;
let lab: Lab;
/** Address of a server that knows TLS 1.1 at most. */
let old: string;
let oldConnections = 0;
const oldServer = createServer(
	{ cert, key, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
	(_, response) => response.end('a response'),
);

beforeAll(async () => {
	const onSession = ({ roleArn, ...keys }: Omit<User, 'name'> & { roleArn: string }) =>
		plain.addUser({ ...keys, name: roleArn });
	sts = await startSts({
		region: 'us-east-1',
		users: [plain.users.main],
		roles: [{ arn: ROLE, maxSessionDuration: 3600 }],
		tls: { cert, key },
		onSession,
	});
	lab = await openLab({ tls: { cert, key }, onSession });
	oldServer.on('secureConnection', () => (oldConnections += 1));
	await once(oldServer.listen(0, '127.0.0.1'), 'listening');
	old = `https://127.0.0.1:${(oldServer.address() as AddressInfo).port}`;
});
afterAll(async () => {
	oldServer.closeAllConnections();
	oldServer.close();
	await Promise.all([sts.stop(), lab.close()]);
});

/** The connection with which this service is asked by TLS, at its own address or at another. */
const services: Array<[string, (address?: string) => Partial<Connection>]> = [
	['S3', (endpoint = secure.endpoint) => ({ endpoint })],
	[
		'STS',
		(stsEndpoint = sts.endpoint) => ({
			identity: {
				kind: 'assumeRole',
				source: { kind: 'accessKeys', ...plain.users.main, sessionToken: undefined },
				roleArn: ROLE,
				externalId: undefined,
				// Sessions are shared: each test has its own.
				roleSessionName: `session-${String(Math.random())}`,
				durationSeconds: undefined,
				stsEndpoint,
			},
		}),
	],
	[
		'Roles Anywhere',
		(endpoint = lab.service.endpoint) => ({
			identity: lab.identity({
				endpoint,
				durationSeconds: 900 + Math.floor(Math.random() * 2000),
			}),
		}),
	],
];

const list = async (settings: Partial<Connection>) => {
	const s3 = await openS3(connectionTo(plain, settings));
	return (await listObjects(s3, { bucket }, { signal: undefined, retryFor: 1000 }).next()).value;
};

describe.each(services)('%s with a certificate of a private authority', (name, settingsFor) => {
	it(`${name} with a certificate of a private authority is not trusted by itself, and the error says what to do`, async () => {
		const failure = await rejectionOf(list(settingsFor()));
		expect(failure).toMatchObject({
			kind: 'unreachable',
			advice: expect.stringContaining('“CA Certificate”') as string,
		});
		expect(failure.message).toContain('its TLS certificate is not trusted');
	});

	it(`${name} with a certificate of a private authority is trusted with its authority`, async () => {
		const settings = { ...settingsFor(), caCertificate: authority.pem };
		expect(await list(settings)).toMatchObject({ entries: [] });
	});

	it(`${name} with a certificate of a private authority is trusted when TLS issues are ignored`, async () => {
		const settings = { ...settingsFor(), ignoreSslIssues: true };
		expect(await list(settings)).toMatchObject({ entries: [] });
	});
});

describe('a server that knows TLS 1.1 at most, on a machine that would speak it', () => {
	const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls;
	beforeAll(() => {
		setDefaults('TLSv1', 'DEFAULT@SECLEVEL=0');
	});
	afterAll(() => {
		setDefaults(DEFAULT_MIN_VERSION, DEFAULT_CIPHERS);
	});

	/** As `--tls-min-v1.0` and `--tls-cipher-list` do. */
	function setDefaults(version: tls.SecureVersion, ciphers: string): void {
		const defaults = jest.requireActual<typeof tls>('node:tls');
		defaults.DEFAULT_MIN_VERSION = version;
		defaults.DEFAULT_CIPHERS = ciphers;
	}

	it('the machine speaks TLS 1.1 with a server that knows no more', async () => {
		const agent = new Agent({ ca: authority.pem });
		const [response] = (await once(requestHttps(old, { agent }).end(), 'response')) as [
			IncomingMessage,
		];
		response.resume();
		agent.destroy();
		expect(response.statusCode).toBe(200);
		expect(oldConnections).toBe(1);
	});

	it.each(services)(
		'a server that knows TLS 1.1 at most is not asked as %s',
		async (_name, settingsFor) => {
			const before = oldConnections;
			const settings = { ...settingsFor(old), caCertificate: authority.pem };
			const { message } = await rejectionOf(list(settings));
			expect(message).toContain('does not speak TLS as expected');
			expect(oldConnections).toBe(before);
		},
	);

	it.each(services)(
		'a server that knows TLS 1.1 at most is not asked as %s through a proxy',
		async (_name, settingsFor) => {
			const before = oldConnections;
			const proxy = await startHttpProxy();
			const through = { kind: 'custom', url: proxy.url, user: undefined, password: undefined };
			const settings = { ...settingsFor(old), ignoreSslIssues: true };
			const { message } = await rejectionOf(
				list({ ...settings, proxy: through as Connection['proxy'] }),
			);
			await proxy.stop();
			expect(message).toContain(`127.0.0.1:${new URL(old).port} through the proxy ${proxy.host}`);
			expect(oldConnections).toBe(before);
		},
	);
});

describe('many listings at once over one connection', () => {
	const many = withServer({ buckets: [bucket] });

	it.each([8, 100])(
		'%i listings at once over one connection share 64 sockets at most',
		async (count) => {
			const keys = Array.from({ length: 20 * count }, (_, i) => String(i).padStart(6, '0'));
			many.store.putMany(bucket, keys);
			many.faults.add({ operation: 'ListObjectsV2', effect: { kind: 'latency', ms: 100 } });
			const s3 = await many.connect();
			const listings = Array.from({ length: count }, () => {
				return listObjects(s3, { bucket, limit: 10 }, { signal: undefined }).next();
			});
			for (const { value } of await Promise.all(listings)) expect(value?.entries).toHaveLength(10);
			// The ports tell the sockets of the client apart.
			const sockets = new Set(many.requests.map(({ port }) => port)).size;
			expect(sockets).toBe(Math.min(64, count));
		},
	);
});

it('the sockets of a connection to all servers together are 128 at most', async () => {
	let open = 0;
	let most = 0;
	const server = createHttpServer((_, response) => setTimeout(() => response.end(), 100));
	server.on('connection', (socket) => {
		open += 1;
		most = Math.max(most, open);
		socket.once('close', () => (open -= 1));
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	try {
		const { port } = server.address() as AddressInfo;
		const { httpAgent: agent } = await agentsFor(connectionTo(plain));
		const asked = ['a', 'b', 'c'].flatMap((name) =>
			Array.from({ length: 50 }, async () => {
				const request = requestHttp({ host: `${name}.localhost`, port, agent }).end();
				const [response] = (await once(request, 'response')) as [IncomingMessage];
				await once(response.resume(), 'end');
			}),
		);
		await Promise.all(asked);
		expect(most).toBe(128);
	} finally {
		server.closeAllConnections();
		server.close();
	}
});

it('a session of TLS after which a connection fails is not used for the next one', async () => {
	const agents = await agentsFor(connectionTo(plain, { ignoreSslIssues: true }));
	const { hostname: host, port } = new URL(secure.endpoint);
	const openSocket = agents.openSocketTo?.({ secure: true, host, port: Number(port) });
	const connected = async () => {
		const onread = { buffer: Buffer.alloc(1024), callback: () => true };
		const socket = openSocket?.(onread) as tls.TLSSocket;
		socket.resume();
		await once(socket, 'secureConnect');
		return socket;
	};
	const first = await connected();
	await once(first, 'session');
	first.destroy();
	const second = await connected();
	expect(second.isSessionReused()).toBe(true);
	second.destroy(new Error('the server does not accept it'));
	await new Promise((resolve) => second.once('close', resolve));
	const third = await connected();
	expect(third.isSessionReused()).toBe(false);
	third.destroy();
});
