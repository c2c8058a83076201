import { inspect } from 'node:util';
import type { WebIdentity } from '../../../../../s3/Connection';
import { startSts } from '../../../../servers/sts/server';
import type { StsServer } from '../../../../servers/sts/server';
import { rejectionOf } from '../../../failureOf';
import { REGION, sessionOf, withFolder } from './machine';

const ROLE = 'arn:aws:iam::111122223333:role/pod';
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJuOG4ifQ.c2lnbmF0dXJl';
const SUBJECT = 'system:serviceaccount:n8n:n8n';

const file = withFolder();
let sts: StsServer;
const tokens = new Map([
	[TOKEN, SUBJECT],
	['another-token', 'system:serviceaccount:other:other'],
]);

beforeEach(async () => {
	sts = await startSts({
		region: REGION,
		users: [],
		roles: [{ arn: ROLE, subject: SUBJECT, maxSessionDuration: 3600 }],
		webIdentities: tokens,
	});
});
afterEach(() => sts.stop());

const identity = (changes: Partial<WebIdentity> = {}): WebIdentity => ({
	kind: 'webIdentity',
	roleArn: ROLE,
	tokenFile: file('token', `${TOKEN}\n`),
	roleSessionName: undefined,
	stsEndpoint: sts.endpoint,
	...changes,
});

it('the role of a pod is assumed with the token in the file, without a signature', async () => {
	const [given, lent] = [await sessionOf(identity()), sts.lent[0]];
	expect(given.accessKeyId).toBe(lent?.accessKeyId);
	expect(given.expiration).toEqual(lent?.expires);
	expect(sts.requests).toEqual([
		{
			Action: 'AssumeRoleWithWebIdentity',
			Version: '2011-06-15',
			RoleArn: ROLE,
			RoleSessionName: 'n8n-nodes-amazon-s3',
			WebIdentityToken: TOKEN,
		},
	]);
});

it('the name of the session is that of the environment', async () => {
	await sessionOf(identity({ roleSessionName: 'pod-7' }));
	expect(sts.requests[0]).toMatchObject({ RoleSessionName: 'pod-7' });
});

it('a token that Kubernetes has replaced meanwhile is read for the next attempt', async () => {
	const tokenFile = file('replaced', 'old');
	sts.faults.push({
		status: 500,
		get body() {
			file('replaced', TOKEN);
			return '';
		},
	});
	await sessionOf(identity({ tokenFile }));
	expect(sts.lent).toHaveLength(1);
});

it('without the token file no request is made, and the failure names it', async () => {
	const failure = await rejectionOf(sessionOf(identity({ tokenFile: file('missing') })));
	expect(failure).toMatchObject({ kind: 'credentials', code: 'ENOENT' });
	expect(failure.message).toContain('is missing');
	expect(failure.advice).toContain('AWS_WEB_IDENTITY_TOKEN_FILE');
	expect(sts.requests).toEqual([]);
});

it('a role whose trust policy is for another service account has the words of STS', async () => {
	const tokenFile = file('other', 'another-token');
	const failure = await rejectionOf(sessionOf(identity({ tokenFile })));
	expect(failure).toMatchObject({
		kind: 'denied',
		code: 'AccessDenied',
		status: 403,
		operation: 'AssumeRoleWithWebIdentity',
		requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
	});
	expect(failure.message).toBe(
		`Could not assume role “${ROLE}” of the machine: Not authorized to perform sts:AssumeRoleWithWebIdentity`,
	);
	expect(failure.advice).toContain('system:serviceaccount:NAMESPACE:NAME');
});

it('no failure shows the token, also when STS repeats it', async () => {
	const tokenFile = file('wrong', 'a-wrong-but-secret-token');
	const failure = await rejectionOf(sessionOf(identity({ tokenFile })));
	expect(failure.message).toMatch(/from your identity provider for …$/);
	expect(inspect(failure, { depth: 9 })).not.toContain('a-wrong-but-secret-token');
});

const refusal = (code: string, message: string) => ({
	status: 400,
	body: `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

it.each([
	[
		'InvalidIdentityToken',
		'No OpenIDConnect provider found in your account for https://oidc.eks',
		'Create an IAM identity provider',
	],
	['InvalidIdentityToken', 'Incorrect token audience', 'must list the audience'],
	[
		'ExpiredTokenException',
		'Token expired: current date/time must be before',
		'check the clock of the node',
	],
	[
		'RegionDisabledException',
		'STS is not activated in this region',
		'Activate STS for this region',
	],
	['ValidationError', 'something new', 'Check the service account of n8n'],
])('the refusal %s with the message “%s” has the advice “%s …”', async (code, message, advice) => {
	sts.faults.push(refusal(code, message));
	const failure = await rejectionOf(sessionOf(identity()));
	expect(failure).toMatchObject({ kind: 'credentials', code, retryable: false });
	expect(failure.advice).toContain(advice);
});

it('a role of another part of AWS than the region is refused before the token is read', async () => {
	const changes = { stsEndpoint: undefined, tokenFile: file('missing') };
	const failure = await rejectionOf(
		sessionOf(identity({ ...changes, roleArn: ROLE.replace('aws', 'aws-cn') })),
	);
	expect(failure.kind).toBe('invalid');
	expect(failure.message).toContain('is in partition aws-cn');
});

it('the token goes nowhere by plain http', async () => {
	const failure = await rejectionOf(sessionOf(identity({ stsEndpoint: 'http://sts.example.com' })));
	expect(failure).toMatchObject({
		kind: 'invalid',
		message: expect.stringContaining('begins with http://') as string,
	});
});
