/** Certificates of one's own, for S3 and for the services that lend sessions alike. */
import { once } from 'node:events';
import { createServer, Agent, request as requestHttps } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { openS3 } from '../../../s3/client/openS3';
import type { Connection } from '../../../s3/Connection';
import { listObjects } from '../../../s3/list/listObjects';
import { startEmbedded } from '../../servers/embedded';
import type { EmbeddedServer } from '../../servers/embedded';
import { startHttpProxy } from '../../servers/httpProxy';
import { issue } from '../../servers/rolesAnywhere/authority';
import { startSts } from '../../servers/sts/server';
import type { StsServer } from '../../servers/sts/server';
import { openLab } from '../../unit/s3/identity/rolesAnywhere/lab';
import type { Lab } from '../../unit/s3/identity/rolesAnywhere/lab';
import { rejectionOf } from '../../unit/failureOf';
import { connectionTo } from '../../servers/connectionTo';

const bucket = 'bucket';
const ROLE = 'arn:aws:iam::111122223333:role/loader';
const authority = issue({ name: 'Private CA', ca: true });
const { pem: cert, keyPem: key } = issue({ name: 'server', hosts: ['127.0.0.1'] }, authority);

let plain: EmbeddedServer;
let secure: EmbeddedServer;
let sts: StsServer;
let lab: Lab;
/** Address of a server that knows TLS 1.1 at most. */
let old: string;
let oldConnections = 0;
const oldServer = createServer(
	{ cert, key, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
	(_, response) => response.end('an answer'),
);

beforeAll(async () => {
	const options = { bucketRegions: { [bucket]: 'us-east-1' } };
	plain = await startEmbedded(options);
	secure = await startEmbedded({ ...options, tls: { cert, key } });
	const onSession = ({ roleArn, ...keys }: Parameters<typeof plain.addUser>[0] & Role) =>
		plain.addUser({ ...keys, name: roleArn });
	sts = await startSts({
		region: 'us-east-1',
		users: [plain.users.main],
		roles: [{ arn: ROLE, maxSessionDuration: 3600 }],
		tls: { cert, key },
		onSession: (lent) => onSession({ name: '', ...lent }),
	});
	lab = await openLab({
		tls: { cert, key },
		onSession: (lent) => onSession({ name: '', ...lent }),
	});
	oldServer.on('secureConnection', () => (oldConnections += 1));
	await once(oldServer.listen(0, '127.0.0.1'), 'listening');
	old = `https://127.0.0.1:${(oldServer.address() as AddressInfo).port}`;
});
afterAll(async () => {
	oldServer.closeAllConnections();
	oldServer.close();
	await Promise.all([plain.stop(), secure.stop(), sts.stop(), lab.close()]);
});

interface Role {
	roleArn: string;
}

/** The connection of which this service is asked by TLS, at its own address or at another. */
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
	return (await listObjects(s3, { bucket }, { signal: undefined }).next()).value;
};

describe.each(services)('%s with a certificate of a private authority', (_name, settingsFor) => {
	it('is not trusted by itself, and the error says what to do', async () => {
		const failure = await rejectionOf(list(settingsFor()));
		expect(failure).toMatchObject({
			kind: 'unreachable',
			advice: expect.stringContaining('“CA Certificate”') as string,
		});
		expect(failure.message).toContain('its TLS certificate is not trusted');
	});

	it('is trusted with its authority', async () => {
		const settings = { ...settingsFor(), caCertificate: authority.pem };
		expect(await list(settings)).toMatchObject({ entries: [] });
	});

	it('is trusted when TLS issues are ignored', async () => {
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

	it('is answered by it', async () => {
		const agent = new Agent({ ca: authority.pem });
		const [answer] = (await once(requestHttps(old, { agent }).end(), 'response')) as [
			IncomingMessage,
		];
		answer.resume();
		agent.destroy();
		expect(answer.statusCode).toBe(200);
		expect(oldConnections).toBe(1);
	});

	it.each(services)('is not asked as %s', async (_name, settingsFor) => {
		const before = oldConnections;
		const settings = { ...settingsFor(old), caCertificate: authority.pem };
		const { message } = await rejectionOf(list(settings));
		expect(message).toContain('does not speak TLS as expected');
		expect(oldConnections).toBe(before);
	});

	it.each(services)('is not asked as %s through a proxy', async (_name, settingsFor) => {
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
	});
});
