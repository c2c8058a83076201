import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { forgetSession, identityFor } from '../../../../s3/identity/identityFor';
import { SessionCache } from '../../../../s3/identity/sessionCache';
import type { RolesAnywhereIdentity } from '../../../../s3/Connection';
import type { Session } from '../../../../s3/identity/Session';
import { issue } from '../../../servers/rolesAnywhere/authority';
import { revocationList } from '../../../servers/rolesAnywhere/revocationList';
import { rejectionOf } from '../../failureOf';
import { agents, openLab } from './rolesAnywhere/lab';
import type { Lab } from './rolesAnywhere/lab';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** One clock for service and machine, set by hand. */
let skipped: number;
const clock = () => Date.now() + skipped;
let lab: Lab;
let sessions: SessionCache<Session>;

beforeEach(async () => {
	skipped = 0;
	lab = await openLab({ clock });
	sessions = new SessionCache<Session>(clock);
});
afterEach(() => lab.close());

const providerOf = (changes: Partial<RolesAnywhereIdentity> = {}) =>
	identityFor(lab.identity(changes), { region: 'eu-central-1', agents, clock, sessions });

/** Waits until the service has sent so many responses. */
async function responded(count: number): Promise<void> {
	while (lab.service.handled.length < count) await new Promise(setImmediate);
	// The response is still to be read.
	await new Promise((resolve) => setTimeout(resolve, 50));
}

it('50 parallel first uses make one request, whatever provider they go through', async () => {
	const uses = Array.from({ length: 50 }, () => providerOf()());
	const given = await Promise.all(uses);
	expect(new Set(given.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
	expect(lab.service).toMatchObject({ requestCount: 1, maxInflight: 1 });
});

it('500 uses one after the other make one request', async () => {
	for (let use = 0; use < 500; use += 1) await providerOf()();
	expect(lab.service.requestCount).toBe(1);
});

it('providers without a cache share the sessions of the process', async () => {
	const context = { region: 'eu-central-1', agents };
	const first = await identityFor(lab.identity(), context)();
	expect(await identityFor(lab.identity(), context)()).toBe(first);
	expect(lab.service.requestCount).toBe(1);
});

it.each<[string, object]>([
	['another authority that it trusts', { caCertificate: 'other' }],
	['certificates that it does not check', { ignoreSslIssues: true }],
	['another proxy', { proxy: { kind: 'none' } }],
])('a connection with %s has a session of its own, and forgets only that', async (_, changes) => {
	const context = { region: 'eu-central-1', agents, clock, sessions };
	const here = { ...context, caCertificate: undefined, ignoreSslIssues: false };
	const there = { ...here, ...changes };
	const identity = lab.identity();
	const session = await identityFor(identity, here)();
	expect(await identityFor(identity, here)()).toBe(session);
	expect(await identityFor(identity, there)()).not.toBe(session);
	skipped = 2 * MINUTE;
	forgetSession(identity, there, session);
	expect(await identityFor(identity, here)()).toBe(session);
});

it('a proxy of the environment is one of the settings that sessions are kept by', async () => {
	const context = { region: 'eu-central-1', agents, clock, sessions };
	const byEnvironment = { ...context, proxy: { kind: 'environment' } as const };
	const identity = lab.identity();
	const session = await identityFor(identity, byEnvironment)();
	process.env.HTTPS_PROXY = 'http://proxy.example.com:3128';
	try {
		expect(await identityFor(identity, byEnvironment)()).not.toBe(session);
	} finally {
		Reflect.deleteProperty(process.env, 'HTTPS_PROXY');
	}
});

it.each<[string, () => Partial<RolesAnywhereIdentity>]>([
	['another passphrase', () => ({ passphrase: 'another' })],
	['another duration', () => ({ durationSeconds: 900 })],
	['another endpoint', () => ({ endpoint: `${lab.service.endpoint}/` })],
	[
		'another certificate and key',
		() => {
			const leaf = issue({ name: 'worker.example' }, lab.root);
			return { certificate: leaf.pem, privateKey: leaf.keyPem };
		},
	],
])('a connection with %s has a session of its own', async (_name, changes) => {
	await providerOf()();
	await providerOf(changes())();
	expect(lab.service.requestCount).toBe(2);
});

it('before its end a session is renewed while the old one is used', async () => {
	const provider = providerOf();
	const first = await provider();
	skipped += 55 * MINUTE;
	expect(await provider()).toBe(first);
	await responded(2);
	expect((await provider()).accessKeyId).toBe(lab.service.lent[1]?.accessKeyId);
	expect(lab.service).toMatchObject({ requestCount: 2, maxInflight: 1 });
});

it('sessions of 70 seconds are renewed once in each life', async () => {
	lab.service.account.lifetime = 70;
	const provider = providerOf();
	for (let second = 0; second < 300; second += 1) {
		const session = await provider();
		expect(session.expiration.getTime()).toBeGreaterThan(clock());
		skipped += SECOND;
	}
	const { requestCount, lent } = lab.service;
	expect(requestCount).toBe(lent.length);
	// What has less than a minute to live counts as expired, so each is used for ten seconds.
	expect(requestCount).toBeLessThanOrEqual(34);
});

it('when the service is down at renewal no use fails while the old session lives', async () => {
	const provider = providerOf();
	const first = await provider();
	skipped += 55 * MINUTE;
	lab.service.faults.push(...Array.from({ length: 40 }, () => ({ reset: true })));
	for (let step = 0; step < 4; step += 1) {
		expect(await provider()).toBe(first);
		skipped += 70 * SECOND;
	}
	lab.service.faults.splice(0);
	skipped = 61 * MINUTE;
	expect(await provider()).not.toBe(first);
}, 60_000);

it('after a revocation the session is used until its end, then the failure has the words of the service', async () => {
	const provider = providerOf();
	const first = await provider();
	lab.service.account.anchors[0]!.revocationLists = [revocationList(lab.root, [lab.leaf])];
	skipped += 58 * MINUTE;
	expect(await provider()).toBe(first);
	await responded(2);
	skipped += 3 * MINUTE;
	expect((await rejectionOf(provider())).message).toContain('Certificate revoked');
});

it('after a refused request the next one can succeed', async () => {
	const provider = providerOf();
	lab.service.account.anchors[0]!.enabled = false;
	await rejectionOf(provider());
	lab.service.account.anchors[0]!.enabled = true;
	expect((await provider()).accessKeyId).toMatch(/^ASIA/);
});

it('an incomplete response is not kept', async () => {
	const provider = providerOf();
	lab.service.faults.push({ edit: () => '{"credentialSet":[]}' });
	await rejectionOf(provider());
	expect((await provider()).accessKeyId).toBe(lab.service.lent[1]?.accessKeyId);
});

it('a cancelled use leaves the request to the others', async () => {
	lab.service.faults.push({ delay: 100 });
	const controller = new AbortController();
	const cancelled = rejectionOf(providerOf()({ signal: controller.signal }));
	const other = providerOf()();
	controller.abort();
	expect(await cancelled).toMatchObject({ kind: 'cancelled' });
	expect((await other).accessKeyId).toMatch(/^ASIA/);
	expect(lab.service.requestCount).toBe(1);
});

it('a request through a proxy is signed for the host of the service', async () => {
	const { port } = new URL(lab.service.endpoint);
	const proxy = new Agent();
	proxy.createConnection = () => connect(Number(port), '127.0.0.1');
	const identity = lab.identity({ endpoint: 'http://roles.localhost:8443' });
	await identityFor(identity, {
		region: 'eu-central-1',
		agents: { ...agents, httpAgent: proxy },
		sessions,
	})();
	expect(lab.service.handled).toMatchObject([
		{ status: 201, headers: { host: 'roles.localhost:8443' } },
	]);
});

it('an endpoint with TLS of a private authority is reached with that authority', async () => {
	const authority = issue({ name: 'Private CA', ca: true });
	const server = issue({ name: 'endpoint', hosts: ['127.0.0.1'] }, authority);
	const secure = await openLab({ tls: { key: server.keyPem, cert: server.pem } });
	const httpsAgent = new HttpsAgent({ ca: authority.pem });
	const context = { region: 'eu-central-1', agents: { ...agents, httpsAgent }, sessions };
	const session = await identityFor(secure.identity(), context)();
	await secure.close();
	expect(session.accessKeyId).toBe(secure.service.lent[0]?.accessKeyId);
});

const passphrase = 'correct horse battery';

/** Every line of the key, every signature, and the keys of every session. */
function secrets(keyPem: string): string[] {
	return [
		...keyPem.split('\n').filter((line) => /^[\w+/=]{16,}$/.test(line)),
		...lab.service.handled.flatMap(({ headers }) => headers.authorization ?? []),
		...lab.service.lent.flatMap(({ secretAccessKey, sessionToken }) => [
			secretAccessKey,
			sessionToken,
		]),
		passphrase,
	];
}

const cases: Array<[string, () => Partial<RolesAnywhereIdentity>]> = [
	['the service refuses', () => ({ roleArn: 'arn:aws:iam::111122223333:role/other' })],
	['the passphrase is wrong', () => ({ passphrase: `${passphrase}!` })],
	['the key is in the certificate field', () => ({ certificate: encrypted() })],
	['the certificate is in the key field', () => ({ privateKey: lab.leaf.pem })],
	['the key is cut off', () => ({ privateKey: encrypted().slice(0, 200) })],
	['the key is of another certificate', () => ({ certificate: lab.root.pem })],
	['the key stands where an ARN should', () => ({ profileArn: 'not an ARN' })],
	['the endpoint is not there', () => ({ endpoint: 'http://127.0.0.1:1' })],
	[
		'the response is half',
		() => {
			lab.service.faults.push({ edit: (body) => body.slice(0, -10) });
			return {};
		},
	],
];

function encrypted(): string {
	const cipher = 'aes-256-cbc';
	return lab.leaf.key.export({ type: 'pkcs8', format: 'pem', cipher, passphrase }) as string;
}

it.each(cases)('no error shows a secret when %s', async (_name, changes) => {
	const privateKey = encrypted();
	const failure = await rejectionOf(
		providerOf({ privateKey, passphrase, ...changes() })({ retryFor: 0 }),
	);
	const shown = `${inspect(failure, { depth: 9, showHidden: true })}${failure.description}`;
	for (const secret of secrets(privateKey)) expect(shown).not.toContain(secret);
});
