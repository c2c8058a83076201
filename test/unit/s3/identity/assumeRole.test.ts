import { identityFor } from '../../../../s3/identity/identityFor';
import { SessionCache } from '../../../../s3/identity/sessionCache';
import type { AssumedRoleIdentity } from '../../../../s3/Connection';
import type { Session } from '../../../../s3/identity/Session';
import { startSts } from '../../../servers/sts/server';
import type { StsOptions, StsServer } from '../../../servers/sts/server';
import { rejectionOf } from '../../failureOf';
import { agents } from './rolesAnywhere/lab';

const MINUTE = 60_000;
const ROLE = 'arn:aws:iam::111122223333:role/loader';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const TOKEN = 'FwoGZXIvYXdzEHoaDK+/=token';

let sts: StsServer;
let options: StsOptions;

beforeEach(async () => {
	options = {
		region: 'eu-central-1',
		users: [
			{ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: SECRET },
			{ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: SECRET, sessionToken: TOKEN },
		],
		roles: [
			{ arn: ROLE, maxSessionDuration: 3600 },
			{ arn: `${ROLE}-shared`, externalId: 'a=b/c+d', maxSessionDuration: 3600 },
		],
	};
	sts = await startSts(options);
});
afterEach(() => sts.stop());

interface Context {
	readonly region?: string;
	readonly clock?: () => number;
	readonly sessions?: SessionCache<Session>;
}

function identity(changes: Partial<AssumedRoleIdentity> = {}): AssumedRoleIdentity {
	return {
		kind: 'assumeRole',
		source: {
			kind: 'accessKeys',
			accessKeyId: 'AKIAEXAMPLE',
			secretAccessKey: SECRET,
			sessionToken: undefined,
		},
		roleArn: ROLE,
		externalId: undefined,
		roleSessionName: undefined,
		durationSeconds: undefined,
		stsEndpoint: sts.endpoint,
		...changes,
	};
}

function session(
	changes: Partial<AssumedRoleIdentity> = {},
	context: Context = {},
): Promise<Session> {
	const { region = 'eu-central-1', clock, sessions = new SessionCache<Session>(clock) } = context;
	return identityFor(identity(changes), { region, agents, clock, sessions })();
}

const source = (changes: object): Partial<AssumedRoleIdentity> => ({
	source: { ...identity().source, ...changes },
});

it('a role is assumed with access keys', async () => {
	const [given, lent] = [await session(), sts.lent[0]!];
	expect(given).toEqual({
		accessKeyId: lent.accessKeyId,
		secretAccessKey: lent.secretAccessKey,
		sessionToken: lent.sessionToken,
		expiration: lent.expires,
	});
	expect(sts.requests).toEqual([
		{
			Action: 'AssumeRole',
			Version: '2011-06-15',
			RoleArn: ROLE,
			RoleSessionName: 'n8n-nodes-amazon-s3',
		},
	]);
});

it('a role is assumed with temporary keys', async () => {
	await session(source({ accessKeyId: 'ASIAEXAMPLE', sessionToken: TOKEN }));
	expect(sts.lent).toHaveLength(1);
});

it('external ID, session name and duration are sent as entered', async () => {
	await session({
		roleArn: ` ${ROLE}-shared\n`,
		externalId: 'a=b/c+d',
		roleSessionName: 'nightly@n8n',
		durationSeconds: 900,
	});
	expect(sts.requests[0]).toMatchObject({
		RoleArn: `${ROLE}-shared`,
		ExternalId: 'a=b/c+d',
		RoleSessionName: 'nightly@n8n',
		DurationSeconds: '900',
	});
});

it('50 parallel first uses make one request, and later ones none', async () => {
	const sessions = new SessionCache<Session>();
	await Promise.all(Array.from({ length: 50 }, () => session({}, { sessions })));
	await session({}, { sessions });
	expect(sts.requests).toHaveLength(1);
	expect(sts.maxInflight).toBe(1);
});

it('the same role assumed by other keys has a session of its own', async () => {
	const sessions = new SessionCache<Session>();
	await session({}, { sessions });
	await session(source({ accessKeyId: 'ASIAEXAMPLE', sessionToken: TOKEN }), { sessions });
	expect(sts.requests).toHaveLength(2);
});

it('the same role in another region has a session of its own', async () => {
	const sessions = new SessionCache<Session>();
	await session({}, { sessions });
	const elsewhere = session({}, { sessions, region: 'eu-west-1' });
	expect((await rejectionOf(elsewhere)).code).toBe('InvalidClientTokenId');
});

it.each([40, -40])('a clock that is %i minutes off is corrected once', async (off) => {
	const clock = () => Date.now() + off * MINUTE;
	const { expiration } = await session({}, { clock });
	const life = expiration.getTime() - clock();
	expect(Math.abs(life - 60 * MINUTE)).toBeLessThan(MINUTE);
});

it.each(['RequestExpired', 'RequestTimeTooSkewed', 'SignatureDoesNotMatch'])(
	'%s from a server with another time is repeated with that time',
	async (code) => {
		const body = `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`;
		sts.faults.push({ status: 400, body });
		const { clockWarning } = await session({}, { clock: () => Date.now() - 10 * MINUTE });
		expect(clockWarning).toContain('The local clock is 10 min behind the server’s');
	},
);

it.each<[string, () => Partial<AssumedRoleIdentity>, string, string, string]>([
	[
		'an unknown access key',
		() => source({ accessKeyId: 'AKIAOTHER' }),
		'credentials',
		'InvalidClientTokenId',
		'The security token included in the request is invalid',
	],
	[
		'a wrong secret',
		() => source({ secretAccessKey: 'wrong' }),
		'credentials',
		'SignatureDoesNotMatch',
		'The request signature we calculated does not match',
	],
	[
		'a role that may not be assumed',
		() => ({ roleArn: `${ROLE}-other` }),
		'denied',
		'AccessDenied',
		'is not authorized to perform: sts:AssumeRole',
	],
	[
		'a missing external ID',
		() => ({ roleArn: `${ROLE}-shared` }),
		'denied',
		'AccessDenied',
		'is not authorized to perform: sts:AssumeRole',
	],
	[
		'a duration above the maximum of the role',
		() => ({ durationSeconds: 43_200 }),
		'credentials',
		'ValidationError',
		'exceeds the MaxSessionDuration',
	],
])('the failure for %s has the words of STS', async (_name, changes, kind, code, words) => {
	const failure = await rejectionOf(session(changes()));
	expect(failure).toMatchObject({ kind, code, operation: 'AssumeRole', retryable: false });
	expect(failure.message).toContain('Could not assume role “arn:aws:iam::111122223333:role/loader');
	expect(failure.message).toContain(words);
	expect(failure.requestId).toMatch(/^[0-9a-f-]{36}$/);
	expect(failure.advice).not.toBe('');
});

it('a session token that STS repeats in the signed request is not shown', async () => {
	const changes = source({
		accessKeyId: 'ASIAEXAMPLE',
		secretAccessKey: 'wrong',
		sessionToken: TOKEN,
	});
	const failure = await rejectionOf(session(changes));
	expect(failure.message).toMatch(/does not match the signature you provided$/);
	expect(`${failure.message}${String(failure.stack)}`).not.toContain(TOKEN);
});

it('a session token that STS repeats in its message is not shown', async () => {
	const changes = source({ accessKeyId: 'ASIAEXAMPLE', sessionToken: TOKEN });
	const body = `<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not with ${TOKEN}</Message></Error></ErrorResponse>`;
	sts.faults.push({ status: 403, body });
	expect((await rejectionOf(session(changes))).message).toMatch(/: Not with …$/);
});

it('an STS under a path gets its request there', async () => {
	await session({ stsEndpoint: `${sts.endpoint}/services/sts` });
	expect(sts.addresses).toEqual([`${new URL(sts.endpoint).host}/services/sts`]);
});

it.each<[string, Partial<AssumedRoleIdentity>, Context, string]>([
	[
		'a user',
		{ roleArn: 'arn:aws:iam::111122223333:user/x' },
		{},
		'this is a user ARN, expected a role',
	],
	['no role', { roleArn: '' }, {}, 'The Role ARN is missing'],
	[
		'a role of China in Europe',
		{ roleArn: ROLE.replace('aws', 'aws-cn') },
		{},
		'is in partition aws-cn',
	],
	['a region of no AWS', {}, { region: 'minio' }, '“minio” is not a region of AWS'],
	['a secret as region', {}, { region: SECRET }, 'What is entered is not a region of AWS'],
	['a duration that is too short', { durationSeconds: 60 }, {}, '900 to 43200'],
	[
		'a session name with a blank',
		{ roleSessionName: 'a b' },
		{},
		'The session name is not allowed',
	],
	['an external ID with a line break', { externalId: 'abc\n' }, {}, 'external ID is not allowed'],
])('%s is refused before anything is sent', async (_name, changes, context, words) => {
	const failure = await rejectionOf(session({ stsEndpoint: undefined, ...changes }, context));
	expect(failure.kind).toBe('invalid');
	expect(failure.message).toContain(words);
});

it('an STS of one’s own gets no request for text that is no ARN', async () => {
	const failure = await rejectionOf(session({ roleArn: SECRET }));
	expect(failure).toMatchObject({ kind: 'invalid', message: 'Role ARN: this is not an ARN' });
	expect(sts.lent).toEqual([]);
});

it('an STS of one’s own may have role ARNs of another form', async () => {
	const roleArn = 'arn:minio:iam:::role/reader';
	const own = await startSts({ ...options, roles: [{ arn: roleArn, maxSessionDuration: 3600 }] });
	await session({ roleArn, stsEndpoint: own.endpoint });
	await own.stop();
	expect(own.lent).toHaveLength(1);
});

it.each([
	['eu-central-1', 'arn:aws', 'sts.eu-central-1.amazonaws.com'],
	['us-gov-east-1', 'arn:aws-us-gov', 'sts.us-gov-east-1.amazonaws.com'],
	['cn-north-1', 'arn:aws-cn', 'sts.cn-north-1.amazonaws.com.cn'],
	['eusc-de-east-1', 'arn:aws-eusc', 'sts.eusc-de-east-1.amazonaws.eu'],
])('for %s the request goes to the regional endpoint', async (region, prefix, host) => {
	const roleArn = ROLE.replace('arn:aws', prefix);
	const hosts: string[] = [];
	const { Agent } = await import('node:https');
	const httpsAgent = new Agent();
	httpsAgent.createConnection = (to) => {
		hosts.push(String((to as { host?: string }).host));
		throw Object.assign(new Error('no network here'), { code: 'ENOTFOUND' });
	};
	const failure = await rejectionOf(
		identityFor(identity({ roleArn, stsEndpoint: undefined }), {
			region,
			agents: { ...agents, httpsAgent },
			sessions: new SessionCache<Session>(),
		})(),
	);
	expect(hosts).toEqual([host]);
	expect(failure.message).toContain(`there is no such STS endpoint as ${host}`);
});

it.each([
	['half a response', { edit: (body: string) => body.slice(0, -30) }, 'it ends in the middle'],
	[
		'a response without a token',
		{ edit: (body: string) => body.replace(/<SessionToken>.*<\/SessionToken>/, '') },
		'it has no session token',
	],
	[
		'a response with two secrets',
		{
			edit: (body: string) =>
				body.replace('<AccessKeyId>', '<SecretAccessKey>x</SecretAccessKey><AccessKeyId>'),
		},
		'it has no secret access key',
	],
	[
		'another response',
		{ edit: () => '<html>Sign in</html>' },
		'unexpected response (HTTP 200, text/xml)',
	],
	[
		'a page of a proxy',
		{ status: 407, headers: { 'content-type': 'text/html' }, body: '<h1>Proxy login</h1>' },
		'unexpected response (HTTP 407, text/html)',
	],
])('%s gives no session and shows no keys', async (_name, fault, words) => {
	sts.faults.push(fault);
	const failure = await rejectionOf(session());
	expect(failure.message).toContain(words);
	expect(failure.message).not.toContain(sts.lent[0]!.secretAccessKey);
	expect(failure.message).not.toContain(sts.lent[0]!.sessionToken);
});

it('entities in the message of STS become their characters', async () => {
	const body =
		'<ErrorResponse><Error><Code>AccessDenied</Code><Message>a &lt;b&gt; &amp; &#39;c&#x27; &quot;d&quot; &nope;</Message></Error></ErrorResponse>';
	sts.faults.push({ status: 403, body });
	const failure = await rejectionOf(session());
	expect(failure.message).toContain(`a <b> & 'c' "d" &nope;`);
});

it('requests are repeated after throttling and failures of the server', async () => {
	const throttled =
		'<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>';
	sts.faults.push({ status: 400, body: throttled }, { status: 503 }, { reset: true });
	await session();
	expect(sts.requests).toHaveLength(4);
});

it.each([' ', '\n', '<', '>', '&', '&#x', '<Message>', '<Code>', '#', 'The Canonical String '])(
	'a hostile refusal of nothing but %j is read in a time linear in its length',
	async (unit) => {
		const texts = [
			(inner: string) => `<Code>AccessDenied</Code><Message>a${inner}b</Message>`,
			(inner: string) => `<Code>a${inner}b</Code>`,
			(inner: string) => `${inner}b`,
		];
		const begin = process.cpuUsage();
		for (const textOf of texts) {
			const body = `<ErrorResponse>${textOf(unit.repeat(240_000 / unit.length))}</ErrorResponse>`;
			sts.faults.push({ status: 403, body });
			expect((await rejectionOf(session())).message.length).toBeLessThan(1200);
		}
		// Three of them; a time that grows with the square of the length was 22 s.
		expect(process.cpuUsage(begin).user).toBeLessThan(2e6);
	},
);

it('white space in the message of STS is one blank', async () => {
	const body =
		'<ErrorResponse><Error><Code>AccessDenied</Code><Message>a \n b</Message></Error></ErrorResponse>';
	sts.faults.push({ status: 403, body });
	expect((await rejectionOf(session())).message).toMatch(/: a b$/);
});
