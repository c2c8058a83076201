import type { ContainerIdentity } from '../../../../../s3/Connection';
import { startContainerAgent } from '../../../../servers/machine/containerAgent';
import type { ContainerAgent } from '../../../../servers/machine/containerAgent';
import { rejectionOf } from '../../../failureOf';
import { sessionOf, withFolder } from './machine';

const file = withFolder();
let ecs: ContainerAgent;
let eks: ContainerAgent;
let token: string;

beforeEach(async () => {
	token = 'eks-token-1';
	ecs = await startContainerAgent();
	eks = await startContainerAgent({ token: () => token });
});
afterEach(async () => {
	await ecs.stop();
	await eks.stop();
});

const identity = (changes: Partial<ContainerIdentity> = {}): ContainerIdentity => ({
	kind: 'container',
	url: eks.url,
	token: undefined,
	tokenFile: undefined,
	...changes,
});

it('the keys of a task’s role are asked for without a token', async () => {
	const given = await sessionOf(identity({ url: ecs.url }));
	expect(given.accessKeyId).toBe(ecs.lent[0]?.accessKeyId);
	expect(given.sessionToken).toBe(ecs.lent[0]?.sessionToken);
	expect(given.expiration).toEqual(ecs.lent[0]?.expires);
	expect(ecs.requests[0]?.headers.authorization).toBeUndefined();
});

it('a token of the environment is sent as it is', async () => {
	await sessionOf(identity({ token }));
	expect(eks.requests[0]?.headers.authorization).toBe(token);
});

it('the file with the token is read anew each time, and wins over the environment', async () => {
	for (const next of ['first', 'second']) {
		token = next;
		const tokenFile = file('token', `${next}\n`);
		await sessionOf(identity({ tokenFile, token: 'old' }));
	}
	expect(eks.lent).toHaveLength(2);
});

it('without the file with the token no request is made, and the failure names file and variable', async () => {
	const tokenFile = file('missing');
	const failure = await rejectionOf(sessionOf(identity({ tokenFile, token })));
	expect(failure).toMatchObject({ kind: 'credentials', code: 'ENOENT' });
	expect(failure.message).toContain(`the token file “${tokenFile}” is missing`);
	expect(failure.advice).toContain('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE');
	expect(eks.requests).toEqual([]);
});

it('a refusal has the words of the agent, without the token', async () => {
	const failure = await rejectionOf(sessionOf(identity({ token: 'a-wrong-token' })));
	expect(failure).toMatchObject({ kind: 'credentials', status: 401, retryable: false });
	expect(failure.message).toContain('(ExpiredTokenException): Token … is not accepted');
	expect(failure.advice).toContain('pods.eks.amazonaws.com');
});

it('a refusal in JSON has its code', async () => {
	const failure = await rejectionOf(sessionOf(identity({ url: `${ecs.url}-other` })));
	expect(failure).toMatchObject({ code: 'InvalidIdInRequest', status: 400 });
	expect(failure.message).toContain('Credentials not found');
});

it('a page that is not of an agent is named as such', async () => {
	ecs.faults.push({ status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>no</h1>' });
	const failure = await rejectionOf(sessionOf(identity({ url: ecs.url })));
	expect(failure.message).toContain('unexpected response (HTTP 404, text/html)');
	expect(failure.advice).toContain('the endpoint in the environment of n8n');
});

it('after a server failure the agent is asked again', async () => {
	ecs.faults.push({ status: 500, body: '{"message":"soon"}' });
	await sessionOf(identity({ url: ecs.url }));
	expect(ecs.requests).toHaveLength(2);
});

it('where there is no agent, n8n does not seem to run in a container with a role', async () => {
	await ecs.stop();
	const failure = await rejectionOf(sessionOf(identity({ url: ecs.url })));
	expect(failure).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED' });
	expect(failure.advice).toContain('does not seem to run in a container that has a role');
});

it('an agent that does not answer is given up', async () => {
	ecs.faults.push(...Array.from({ length: 100 }, () => ({ delay: 60_000 })));
	const failure = await rejectionOf(sessionOf(identity({ url: ecs.url }), { timeout: 50 }));
	expect(failure).toMatchObject({ kind: 'unreachable', code: 'TimeoutError' });
});

it('an agent that may not be asked gets no token', async () => {
	const url = eks.url.replace('http:', 'ftp:');
	expect((await rejectionOf(sessionOf(identity({ url, token })))).kind).toBe('refused');
});
