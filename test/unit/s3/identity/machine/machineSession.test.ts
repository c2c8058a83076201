import http from 'node:http';
import type { AssumedRoleIdentity, MachineIdentity } from '../../../../../s3/Connection';
import { identityFor } from '../../../../../s3/identity/identityFor';
import { isOfMachine } from '../../../../../s3/identity/machine/machineSession';
import type { Session } from '../../../../../s3/identity/Session';
import { SessionCache } from '../../../../../s3/identity/sessionCache';
import { withEnvironment } from '../../../../faults/environment';
import { startHttpProxy } from '../../../../servers/httpProxy';
import type { HttpProxy } from '../../../../servers/httpProxy';
import { startContainerAgent } from '../../../../servers/machine/containerAgent';
import type { ContainerAgent } from '../../../../servers/machine/containerAgent';
import { startInstanceMetadata } from '../../../../servers/machine/instanceMetadata';
import type { Lender } from '../../../../servers/machine/service';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import { startSts } from '../../../../servers/sts/server';
import type { StsOptions, StsServer } from '../../../../servers/sts/server';
import { rejectionOf } from '../../../failureOf';
import { agents } from '../rolesAnywhere/lab';
import { providerOf, REGION, sessionOf, withFolder } from './machine';

const MINUTE = 60_000;
const ROLE = 'arn:aws:iam::111122223333:role/pod';
const LOOPBACK = {
	blockedRanges: ['127.0.0.0/8'],
	allowedRanges: [],
	allowedHosts: [],
	blockedHosts: [],
};

/** Milliseconds that the clocks of machine and services were put forward. */
let skipped: number;
const clock = () => Date.now() + skipped;
const file = withFolder();
let metadata: Lender;
let agent: ContainerAgent;
let sts: StsServer;
let stsOptions: StsOptions;
let proxy: HttpProxy;
/** Servers of one test alone. */
const stops: Array<{ stop(): Promise<void> }> = [];
const users: Array<StsOptions['users'][number]> = [];

beforeEach(async () => {
	skipped = 0;
	const onSession = (lent: (typeof users)[number]) => users.push(lent);
	metadata = await startInstanceMetadata({ clock, onSession });
	agent = await startContainerAgent({ clock, onSession });
	stsOptions = {
		region: REGION,
		users,
		roles: [
			{ arn: ROLE, subject: 'pod', maxSessionDuration: 3600 },
			{ arn: `${ROLE}-other`, maxSessionDuration: 3600 },
		],
		webIdentities: new Map([['token', 'pod']]),
		onSession,
		clock,
	};
	sts = await startSts(stsOptions);
	proxy = await startHttpProxy();
});
afterEach(async () => {
	await Promise.all(
		[metadata, agent, sts, proxy, ...stops.splice(0)].map((server) => server.stop()),
	);
	users.splice(0);
});

type Kind = MachineIdentity['kind'];
const kinds: Kind[] = ['webIdentity', 'container', 'instance'];
const identityOf = (kind: Kind, stsEndpoint = sts.endpoint): MachineIdentity =>
	({
		webIdentity: {
			kind: 'webIdentity',
			roleArn: ROLE,
			tokenFile: file('token', 'token'),
			roleSessionName: undefined,
			stsEndpoint,
		} as const,
		container: {
			kind: 'container',
			url: agent.url,
			token: undefined,
			tokenFile: undefined,
		} as const,
		instance: { kind: 'instance', endpoint: metadata.endpoint } as const,
	})[kind];
const lentBy = (kind: Kind) =>
	({ webIdentity: sts.lent, container: agent.lent, instance: metadata.lent })[kind];

it.each(kinds)(
	'50 parallel first uses of %s make one request, and later ones none',
	async (kind) => {
		const provider = providerOf(identityOf(kind), { clock });
		await Promise.all(Array.from({ length: 50 }, () => provider()));
		await provider();
		expect(lentBy(kind)).toHaveLength(1);
	},
);

it.each(kinds)(
	'before its end a session of %s is renewed once, while the old one is used',
	async (kind) => {
		const provider = providerOf(identityOf(kind), { clock });
		const first = await provider();
		skipped = 56 * MINUTE;
		const given = await Promise.all(Array.from({ length: 20 }, () => provider()));
		expect(new Set(given)).toEqual(new Set([first]));
		while ((await provider()) === first) await new Promise(setImmediate);
		expect(lentBy(kind)).toHaveLength(2);
		expect(await provider()).toMatchObject({ accessKeyId: lentBy(kind)[1]?.accessKeyId });
	},
);

it.each(kinds)('while %s cannot be renewed, its session is used until its end', async (kind) => {
	const provider = providerOf(identityOf(kind), { clock });
	const first = await provider();
	await Promise.all([metadata, agent, sts].map((server) => server.stop()));
	skipped = 59.5 * MINUTE;
	expect(await provider()).toBe(first);
	skipped = 61 * MINUTE;
	expect(await rejectionOf(provider({ retryFor: 0 }))).toMatchObject({ kind: 'unreachable' });
});

it.each(kinds)('connections that differ in proxy and TLS share the session of %s', async (kind) => {
	const sessions = new SessionCache<Session>();
	const one = await sessionOf(identityOf(kind), { sessions });
	const other = { sessions, ignoreSslIssues: true, caCertificate: 'x' };
	const settings = { ...other, proxy: { kind: 'none' } as const };
	expect(await sessionOf(identityOf(kind), settings)).toBe(one);
});

it.each<Kind>(['container', 'instance'])(
	'%s is asked without the proxy of the environment, of the credential and of n8n',
	async (kind) => {
		// n8n makes Node's shared agent one that uses its proxy.
		const shared = jest.spyOn(http.globalAgent, 'createConnection');
		const { url } = proxy;
		await withEnvironment({ HTTP_PROXY: url, http_proxy: url }, async () => {
			const custom = { kind: 'custom', url, user: undefined, password: undefined } as const;
			await sessionOf(identityOf(kind), { proxy: custom });
		});
		expect(lentBy(kind)).toHaveLength(1);
		expect(proxy.proxied).toEqual([]);
		expect(shared).not.toHaveBeenCalled();
		shared.mockRestore();
	},
);

it('STS is asked through the proxy of the environment, and never through that of the credential', async () => {
	const other = await startHttpProxy();
	stops.push(other);
	const custom = { kind: 'custom', url: other.url, user: undefined, password: undefined } as const;
	await withEnvironment({ HTTP_PROXY: proxy.url }, async () => {
		await sessionOf(identityOf('webIdentity'), { proxy: custom });
	});
	expect(proxy.proxied).toHaveLength(1);
	expect(other.proxied).toEqual([]);
});

it.each([{ ignoreSslIssues: true }, { caCertificate: 'that of the server' }])(
	'STS gets no token over TLS that only the credential trusts: %j',
	async (settings) => {
		const root = issue({ name: 'Root', ca: true });
		const { keyPem: key, pem: cert } = issue({ name: 'localhost', hosts: ['127.0.0.1'] }, root);
		const secure = await startSts({ ...stsOptions, tls: { key, cert } });
		stops.push(secure);
		const trusting = 'caCertificate' in settings ? { caCertificate: root.pem } : settings;
		const identity = identityOf('webIdentity', secure.endpoint);
		const failure = await rejectionOf(sessionOf(identity, trusting));
		expect(failure.message).toContain('its TLS certificate is not trusted');
		expect(secure.requests).toEqual([]);
	},
);

it.each<Kind>(['container', 'instance'])(
	'%s is asked also at an address that n8n blocks, as the owner of the machine has set it up',
	async (kind) => {
		await sessionOf(identityOf(kind), { egress: LOOPBACK });
		expect(lentBy(kind)).toHaveLength(1);
	},
);

it('STS is not asked at an address that n8n blocks', async () => {
	const failure = await rejectionOf(sessionOf(identityOf('webIdentity'), { egress: LOOPBACK }));
	expect(failure).toMatchObject({ kind: 'unreachable', code: 'BlockedAddress' });
	expect(sts.requests).toEqual([]);
});

const assumed = (source: MachineIdentity, roleArn = `${ROLE}-other`): AssumedRoleIdentity => ({
	kind: 'assumeRole',
	source,
	roleArn,
	externalId: undefined,
	roleSessionName: undefined,
	durationSeconds: undefined,
	stsEndpoint: sts.endpoint,
});

it.each(kinds)('a role is assumed as the role of %s', async (kind) => {
	const sessions = new SessionCache<Session>();
	const given = await identityFor(assumed(identityOf(kind)), {
		region: REGION,
		agents,
		sessions,
	})();
	expect(sts.lent.at(-1)).toMatchObject({
		roleArn: `${ROLE}-other`,
		accessKeyId: given.accessKeyId,
	});
});

it('the machine is not asked for keys to assume a role whose settings are wrong', async () => {
	const sessions = new SessionCache<Session>();
	const wrong = { ...assumed(identityOf('instance')), durationSeconds: 1 };
	const failure = await rejectionOf(identityFor(wrong, { region: REGION, agents, sessions })());
	expect(failure.kind).toBe('invalid');
	expect(metadata.requests).toEqual([]);
});

it('only the three roles of a machine are of the machine', () => {
	expect(kinds.map((kind) => isOfMachine(identityOf(kind)))).toEqual([true, true, true]);
	expect(isOfMachine(assumed(identityOf('instance')))).toBe(false);
	expect(isOfMachine({ kind: 'httpBasic', username: 'a', password: 'b' })).toBe(false);
});
