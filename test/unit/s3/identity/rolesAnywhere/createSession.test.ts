import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PROFILE_ARN, ROLE_ARN } from '../../../../servers/rolesAnywhere/account';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import type { CertificateOptions, Issued } from '../../../../servers/rolesAnywhere/authority';
import { revocationList } from '../../../../servers/rolesAnywhere/revocationList';
import type { RolesAnywhereIdentity } from '../../../../../s3/Connection';
import type { S3Failure } from '../../../../../s3/S3Failure';
import { rejectionOf } from '../../../failureOf';
import { openLab } from './lab';
import type { Lab } from './lab';

const MINUTE = 60_000;

let lab: Lab;
beforeEach(async () => {
	lab = await openLab();
});
afterEach(() => lab.close());

const pasted = ({ pem, keyPem }: Issued): Partial<RolesAnywhereIdentity> => ({
	certificate: pem,
	privateKey: keyPem,
});

async function refusal(changes: Partial<RolesAnywhereIdentity> = {}): Promise<S3Failure> {
	return rejectionOf(lab.session(changes));
}

test('the session of the service is given, with its own expiration', async () => {
	const session = await lab.session();
	const [lent] = lab.service.lent;
	expect(session).toEqual({
		accessKeyId: lent?.accessKeyId,
		secretAccessKey: lent?.secretAccessKey,
		sessionToken: lent?.sessionToken,
		expiration: lent?.expires,
	});
	expect(lab.service.handled).toMatchObject([{ status: 201, request: { durationSeconds: 3600 } }]);
});

const keys: Array<[string, () => KeyObject]> = [
	['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
	['RSA of 1024 bits', () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
	['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
	['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
	['P-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
];

test.each(keys)('a key of type %s signs what the service verifies', async (_name, make) => {
	lab.service.account.minRsaBits = 1024;
	const leaf = issue({ name: 'keyed.example', key: make() }, lab.root);
	await lab.session(pasted(leaf));
	expect(lab.service.handled).toMatchObject([{ status: 201 }]);
});

test('intermediates are sent, and lead to the trust anchor', async () => {
	const first = issue({ name: 'One', ca: true, pathLength: 1 }, lab.root);
	const second = issue({ name: 'Two', ca: true, pathLength: 0 }, first);
	const leaf = issue({ name: 'deep.example' }, second);
	await lab.session({ ...pasted(leaf), certificateChain: `${first.pem}${second.pem}` });
	expect(lab.service.handled[0]?.headers['x-amz-x509-chain']?.split(',')).toHaveLength(2);
});

test('an empty duration and session name are not sent', async () => {
	await lab.session({ durationSeconds: undefined, sessionName: ' ' });
	expect(lab.service.handled[0]?.request).toMatchObject({
		durationSeconds: undefined,
		roleSessionName: undefined,
	});
});

test('a session name is sent where the profile accepts it', async () => {
	lab.service.account.profiles[0]!.acceptRoleSessionName = true;
	await lab.session({ sessionName: 'nightly@n8n' });
	expect(lab.service.handled[0]?.request).toMatchObject({ roleSessionName: 'nightly@n8n' });
});

test('a shorter life than asked for is normal', async () => {
	lab.service.account.profiles[0]!.durationSeconds = 900;
	const { expiration } = await lab.session({ durationSeconds: 43_200 });
	expect(expiration.getTime() - Date.now()).toBeLessThanOrEqual(900_000);
});

describe('what the service refuses is said in its words, with code, request id and what to change', () => {
	type Case = [string, string, string, (lab: Lab) => Partial<RolesAnywhereIdentity>];
	const leafWith = (options: CertificateOptions) => (from: Lab) =>
		pasted(issue({ name: 'odd.example', ...options }, from.root));
	const cases: Case[] = [
		[
			'a missing intermediate',
			'Untrusted signing certificate',
			'Paste the intermediates',
			({ root }) => pasted(issue({ name: 'x' }, issue({ name: 'Middle', ca: true }, root))),
		],
		[
			'another authority',
			'Untrusted signing certificate',
			'trust anchor is of the authority',
			() => pasted(issue({ name: 'x' }, issue({ name: 'Lab Root', ca: true }))),
		],
		[
			'a self-signed certificate',
			'Untrusted signing certificate',
			'trust anchor is of the authority',
			() => pasted(issue({ name: 'alone' })),
		],
		[
			'a CA as certificate',
			'Untrusted certificate. Insufficient certificate',
			'CA:FALSE',
			leafWith({ ca: true }),
		],
		[
			'no key usage',
			'Untrusted certificate. Insufficient certificate',
			'digitalSignature',
			leafWith({ keyUsage: 'none' }),
		],
		[
			'X.509 version 1',
			'Untrusted certificate. Insufficient certificate',
			'v3',
			leafWith({ version: 1 }),
		],
		[
			'a signature with SHA-1',
			'Untrusted certificate. Insufficient certificate',
			'SHA-256',
			leafWith({ hash: 'sha1' }),
		],
		[
			'an empty subject',
			'Untrusted certificate. Insufficient certificate',
			'subject',
			leafWith({ name: undefined }),
		],
		[
			'a revoked certificate',
			'Certificate revoked',
			'use another certificate',
			({ root, leaf, service }) => {
				service.account.anchors[0]!.revocationLists = [revocationList(root, [leaf])];
				return {};
			},
		],
		[
			'an unknown trust anchor',
			"Specified Trust Anchor wasn't found",
			'Check the Trust Anchor ARN',
			({ service }) => {
				service.account.anchors = [];
				return {};
			},
		],
		[
			'a disabled trust anchor',
			'Specified Trust Anchor is disabled',
			'Enable the trust anchor',
			({ service }) => {
				service.account.anchors[0]!.enabled = false;
				return {};
			},
		],
		[
			'an unknown profile',
			'Invalid or empty profile provided',
			'Check the Profile ARN',
			({ service }) => {
				service.account.profiles = [];
				return {};
			},
		],
		[
			'a role that the profile does not list',
			"Requested Role isn't one of those listed in the Profile",
			'Add the role to the profile',
			() => ({ roleArn: 'arn:aws:iam::111122223333:role/other' }),
		],
		[
			'a session name that the profile forbids',
			'Not authorized to set roleSessionName',
			'acceptRoleSessionName',
			() => ({ sessionName: 'nightly' }),
		],
		[
			'a role whose trust policy does not allow it',
			'Unable to assume role for arn:aws:iam::111122223333:role/lab/reader',
			'trust policy',
			({ service }) => {
				service.account.roles[0]!.trusts = false;
				return {};
			},
		],
		[
			'a duration above the maximum of the role',
			'exceeds the MaxSessionDuration set for this role',
			'Lower the duration',
			({ service }) => {
				service.account.profiles[0]!.durationSeconds = 43_200;
				return { durationSeconds: 43_200 };
			},
		],
		[
			'an anchor and a profile of two accounts',
			'Invalid or empty profile provided',
			'Check the Profile ARN',
			() => ({ profileArn: PROFILE_ARN.replace('111122223333', '444455556666') }),
		],
		[
			'a role of another account',
			"Requested Role isn't one of those listed in the Profile",
			'Add the role to the profile',
			() => ({ roleArn: ROLE_ARN.replace('111122223333', '444455556666') }),
		],
		[
			'an RSA key that is too short for it',
			'Untrusted certificate. Insufficient certificate',
			'have it issued again',
			({ root }) => {
				const key = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
				return pasted(issue({ name: 'short', key }, root));
			},
		],
	];

	test.each(cases)('%s', async (_name, words, advice, changesOf) => {
		const failure = await refusal(changesOf(lab));
		expect(failure.message).toContain(
			`Could not get a session for role “${String(lab.service.handled[0]?.request.roleArn)}”: `,
		);
		expect(failure.message).toContain(words);
		expect(failure.advice).toContain(advice);
		expect(failure.code).toMatch(/^(AccessDenied|ResourceNotFound)Exception$/);
		expect(failure.requestId).toMatch(/^[0-9a-f-]{36}$/);
		expect(['credentials', 'denied']).toContain(failure.kind);
		expect(failure.retryable).toBe(false);
		expect(lab.service.requestCount).toBe(1);
	});

	test('a serial number of zero', async () => {
		const zero = issue({ name: 'zero', serial: 0n }, lab.root);
		await lab.session(pasted(zero));
		expect(lab.service.handled[0]?.headers.authorization).toContain('Credential=0/');
	});
});

describe('a clock that is wrong', () => {
	test.each([30, -30])(
		'by %i minutes is corrected by the date of the answer, once, and said',
		async (off) => {
			const clock = () => Date.now() + off * MINUTE;
			const { expiration, clockWarning } = await lab.session({}, { clock });
			expect(lab.service.handled.map(({ status }) => status)).toEqual([403, 201]);
			expect(clockWarning).toContain(
				`The local clock is 30 min ${off > 0 ? 'ahead of' : 'behind'} the server’s`,
			);
			const life = expiration.getTime() - clock();
			expect(life).toBeGreaterThan(59 * MINUTE);
			expect(life).toBeLessThan(61 * MINUTE);
		},
	);

	test.each([
		[7, [403, 201]],
		[4, [403]],
	])(
		'by %i minutes is corrected where that is more than 5, which explains a refusal',
		async (minutes, statuses) => {
			lab.service.account.skewSeconds = 180;
			const clock = () => Date.now() - minutes * MINUTE;
			await lab.session({}, { clock }).catch(() => undefined);
			expect(lab.service.handled.map(({ status }) => status)).toEqual(statuses);
		},
	);

	test('is not made out from a date that no service grants a session at', async () => {
		const ahead = await openLab({ clock: () => Date.now() + 40 * MINUTE });
		ahead.service.account.skewSeconds = 7200;
		const { expiration } = await ahead.session();
		await ahead.close();
		expect(expiration).toEqual(ahead.service.lent[0]?.expires);
	});

	test('is named when the correction does not help', async () => {
		const off = await openLab({ clock: () => Date.now() + 40 * MINUTE });
		off.service.account.skewSeconds = -1;
		const failure = await rejectionOf(off.session());
		await off.close();
		expect(failure.message).toContain('Invalid signature');
		expect(failure.advice).toContain('The local clock is 40 min behind the server’s');
		expect(off.service.requestCount).toBe(2);
	});

	test('is not blamed where it is right', async () => {
		lab.service.account.skewSeconds = -1;
		const failure = await refusal();
		expect(failure).toMatchObject({ code: 'AccessDeniedException', kind: 'credentials' });
		expect(failure.message).toContain('Invalid signature');
		expect(failure.advice).not.toContain('local clock');
		expect(lab.service.requestCount).toBe(1);
	});
});

describe('answers that are none', () => {
	const edited = (
		edit: (set: Record<string, unknown>, whole: Record<string, unknown>) => void,
	) => ({
		edit: (body: string) => {
			const whole = JSON.parse(body) as { credentialSet: Array<Record<string, unknown>> };
			edit(whole.credentialSet[0]!, whole);
			return JSON.stringify(whole);
		},
	});
	const inKeys = (changes: Record<string, unknown>) =>
		edited((set) => Object.assign(set.credentials as object, changes));

	test.each([
		['no set', edited((_set, whole) => (whole.credentialSet = [])), 'it has no credentials'],
		['no list of sets', edited((_set, whole) => delete whole.credentialSet), 'no credentials'],
		[
			'several sets',
			edited((set, whole) => (whole.credentialSet = [set, set])),
			'several sets of credentials',
		],
		['no access key ID', inKeys({ accessKeyId: '' }), 'it has no access key ID'],
		['no secret', inKeys({ secretAccessKey: undefined }), 'it has no secret access key'],
		['no token', inKeys({ sessionToken: null }), 'it has no session token'],
		['no expiration', inKeys({ expiration: undefined }), 'it has no expiration time'],
		['an expiration in words', inKeys({ expiration: 'tomorrow' }), 'it has no expiration time'],
		['an impossible date', inKeys({ expiration: '2026-99-99T00:00:00Z' }), 'cannot be read'],
		['an end in the past', inKeys({ expiration: '2020-01-01T00:00:00Z' }), 'already expired'],
		['another role', edited((set) => (set.roleArn = 'arn:x')), 'credentials are for another role'],
	])('a set with %s is an incomplete response', async (_name, fault, words) => {
		lab.service.faults.push(fault);
		const failure = await refusal();
		expect(failure.kind).toBe('unavailable');
		expect(failure.message).toContain(
			`incomplete response from ${new URL(lab.service.endpoint).host}`,
		);
		expect(failure.message).toContain(words);
		const { secretAccessKey, sessionToken } = lab.service.lent[0]!;
		expect(`${failure.message}${failure.description}`).not.toContain(secretAccessKey);
		expect(`${failure.message}${failure.description}`).not.toContain(sessionToken);
	});

	test('half an answer of success is not shown: it holds keys', async () => {
		lab.service.faults.push({ edit: (body) => body.slice(body.indexOf('"credentials"'), -40) });
		const failure = await refusal();
		expect(failure.message).toContain('unexpected response (HTTP 201, application/json)');
		expect(failure.message).not.toContain(lab.service.lent[0]!.accessKeyId);
	});

	test('a long answer is cut, whatever stands behind', async () => {
		lab.service.faults.push({ edit: (body) => ' '.repeat(300 * 1024) + body });
		expect((await refusal()).message).toContain('unexpected response (HTTP 201, application/json)');
	});

	test('an answer without end is not read for ever', async () => {
		const endless = await serve(({ socket }, response) => {
			response.writeHead(200);
			const more = () => {
				while (socket.writable && response.write('x'.repeat(65_536)));
			};
			response.on('drain', more);
			more();
		});
		const failure = await refusal({ endpoint: endless.endpoint });
		endless.close();
		expect(failure.message).toContain('unexpected response (HTTP 200, no content type)');
	});

	test('long words of the service are cut', async () => {
		const body = JSON.stringify({ message: 'no '.repeat(1000) });
		lab.service.faults.push({ status: 403, body });
		expect((await refusal()).message.length).toBeLessThan(1100);
	});

	test('a page of a proxy is shown in short, without its tags', async () => {
		const body = `<html><h1>Blocked</h1><p>${'by policy '.repeat(100)}</p></html>`;
		lab.service.faults.push({ status: 403, headers: { 'content-type': 'text/html' }, body });
		const failure = await refusal();
		expect(failure.message).toContain('unexpected response (HTTP 403, text/html) from 127.0.0.1');
		expect(failure.message).toContain('Blocked by policy');
		expect(failure.message).not.toContain('<');
		expect(failure.message.length).toBeLessThan(400);
	});

	test('a redirect is not followed', async () => {
		const headers = { location: `${lab.service.endpoint}/elsewhere` };
		lab.service.faults.push({ status: 307, headers, body: '{"message":"Moved"}' });
		const failure = await refusal();
		expect(failure.message).toContain('unexpected response (HTTP 307');
		expect(failure.advice).toContain('Redirects are not followed');
		expect(lab.service.requestCount).toBe(1);
	});

	test.each<[string, { headers?: Record<string, string>; body?: string }, object]>([
		[
			'a code only in a header',
			{ headers: { 'x-amzn-errortype': 'ValidationException:http://x/' } },
			{ code: 'ValidationException' },
		],
		[
			'a code only in the body, with its namespace',
			{ body: '{"__type":"com.amazonaws#AccessDeniedException"}' },
			{ code: 'AccessDeniedException', kind: 'denied' },
		],
		[
			'a code in its own member',
			{ body: '{"code":"ValidationException"}' },
			{ code: 'ValidationException' },
		],
		['Message with a capital', { body: '{"Message":"No way"}' }, { code: undefined }],
	])('a refusal with %s is shown as far as it goes', async (_name, fault, wanted) => {
		lab.service.faults.push({ status: 400, ...fault });
		const failure = await refusal();
		expect(failure).toMatchObject({ status: 400, ...wanted });
		expect(failure.message).toContain(failure.code ?? 'No way');
	});

	test('a refusal without any body is an unexpected response', async () => {
		lab.service.faults.push({ status: 403 });
		expect((await refusal()).message).toContain('unexpected response (HTTP 403, no content type)');
	});

	test.each([
		['the header', (header: string) => header],
		['the signature alone', (header: string) => /[0-9a-f]+$/.exec(header)?.[0] ?? ''],
	])('of what was signed %s is not shown where the answer repeats it', async (_what, partOf) => {
		let repeated = '';
		const echo = await serve(({ headers }, response) => {
			repeated = partOf(String(headers.authorization));
			response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' });
			response.end(JSON.stringify({ message: `You sent ${repeated}` }));
		});
		const failure = await refusal({ endpoint: echo.endpoint });
		echo.close();
		expect(repeated).toMatch(/[0-9a-f]{64,}$/);
		expect(failure.message).toContain('You sent …');
		expect(failure.message).not.toContain(repeated);
	});
});

/** Answers in place of the service. */
async function serve(listener: RequestListener): Promise<{ endpoint: string; close(): void }> {
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		endpoint: `http://127.0.0.1:${String(port)}`,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

describe('failures that may pass', () => {
	const throttled = { status: 429, headers: { 'x-amzn-errortype': 'ThrottlingException' } };

	test.each([
		['429', throttled],
		['429 of another kind', { status: 429, body: '{"message":"too fast"}' }],
		['429 with a page', { status: 429, headers: { 'content-type': 'text/html' }, body: '<p>x' }],
		['500', { status: 500 }],
		['502 with a page', { status: 502, headers: { 'content-type': 'text/html' }, body: '<p>x' }],
		['503', { status: 503, body: '{"message":"busy"}' }],
		['a broken connection', { reset: true }],
	])('after %s the request is sent again', async (_name, fault) => {
		lab.service.faults.push(fault);
		await lab.session();
		expect(lab.service.requestCount).toBe(2);
	});

	test('the time that the service asks to wait is waited', async () => {
		lab.service.faults.push({
			...throttled,
			headers: { ...throttled.headers, 'retry-after': '1' },
		});
		const start = performance.now();
		await lab.session();
		expect(performance.now() - start).toBeGreaterThan(950);
	});

	test('a wait that is too long is left to the person', async () => {
		const headers = { ...throttled.headers, 'retry-after': '26' };
		lab.service.faults.push({ ...throttled, headers });
		expect(await refusal()).toMatchObject({ kind: 'throttled', retryAfterMs: 26_000 });
		expect(lab.service.requestCount).toBe(1);
	});

	test.each([
		['429', throttled, 'throttled', 'ThrottlingException'],
		['502', { status: 502, headers: { 'content-type': 'text/html' } }, 'unavailable', 'HTTP 502'],
		['503', { status: 503, body: '{"message":"busy"}' }, 'unavailable', 'busy'],
	])('%s is given up after four requests', async (_name, fault, kind, words) => {
		lab.service.faults.push(...Array.from({ length: 4 }, () => fault));
		const failure = await refusal();
		expect(failure.kind).toBe(kind);
		expect(failure.message).toContain(words);
		expect(lab.service.requestCount).toBe(4);
	});

	test('real throttling passes by itself', async () => {
		lab.service.account.requestsPerSecond = 1;
		await lab.session();
		await lab.session();
		expect(lab.service.handled.map(({ status }) => status)).toContain(429);
	});
});

describe('a service that is not reached', () => {
	test('nothing listens', async () => {
		const endpoint = lab.service.endpoint;
		await lab.close();
		const failure = await refusal({ endpoint });
		expect(failure).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED' });
		expect(failure.message).toContain(`${new URL(endpoint).host} could not be reached`);
	});

	test('it does not answer in time', async () => {
		lab.service.faults.push(...Array.from({ length: 4 }, () => ({ delay: 60_000 })));
		const failure = await rejectionOf(lab.session({}, { timeout: 50 }));
		expect(failure).toMatchObject({ kind: 'unreachable', code: 'TimeoutError' });
		expect(failure.message).toContain('it did not answer in time');
	});

	test('its host does not exist', async () => {
		const failure = await refusal({ endpoint: 'https://rolesanywhere.invalid' });
		expect(failure).toMatchObject({ kind: 'unreachable' });
		expect(failure.message).toContain('rolesanywhere.invalid');
		expect(failure.advice).toMatch(/DNS/);
	});

	test('its TLS certificate is not trusted', async () => {
		const server = issue({ name: 'localhost', hosts: ['127.0.0.1'] });
		const secure = await openLab({ tls: { key: server.keyPem, cert: server.pem } });
		const failure = await rejectionOf(secure.session());
		await secure.close();
		expect(failure.kind).toBe('unreachable');
		expect(failure.message).toContain('its TLS certificate is not trusted');
		expect(secure.service.requestCount).toBe(0);
	});
});
