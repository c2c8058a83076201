import { startInstanceMetadata } from '../../../../servers/machine/instanceMetadata';
import type { Lender } from '../../../../servers/machine/service';
import { rejectionOf } from '../../../failureOf';
import { sessionOf } from './machine';

const ROLES = '/latest/meta-data/iam/security-credentials/';

let service: Lender;
const started: Lender[] = [];

async function start(options: Parameters<typeof startInstanceMetadata>[0] = {}): Promise<Lender> {
	const server = await startInstanceMetadata(options);
	started.push(server);
	return server;
}

beforeEach(async () => {
	service = await start();
});
afterEach(async () => {
	await Promise.all(started.splice(0).map((server) => server.stop()));
});

const session = async ({ endpoint } = service, timeout = 10_000) =>
	await sessionOf({ kind: 'instance', endpoint }, { timeout });

it('the keys of the role of an instance are asked for by IMDSv2', async () => {
	const given = await session();
	const [lent] = service.lent;
	expect(given).toEqual({
		accessKeyId: lent?.accessKeyId,
		secretAccessKey: lent?.secretAccessKey,
		sessionToken: lent?.sessionToken,
		expiration: lent?.expires,
	});
	expect(service.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
		'PUT /latest/api/token',
		`GET ${ROLES}`,
		`GET ${ROLES}n8n`,
	]);
});

it('a metadata service that connects and sends no token is that of a container with too low a hop limit', async () => {
	service.faults.push({ delay: 60_000 });
	const failure = await rejectionOf(session(service, 100));
	expect(failure).toMatchObject({
		kind: 'unreachable',
		code: 'TimeoutError',
		retryable: false,
		advice: expect.stringContaining('--http-put-response-hop-limit 2') as string,
	});
	expect(service.requests).toHaveLength(1);
});

it('a metadata service that does not answer is given up after two seconds', async () => {
	service.faults.push({ delay: 60_000 });
	const start = performance.now();
	await rejectionOf(session());
	expect(performance.now() - start).toBeLessThan(5000);
});

it('where there is no metadata service, n8n does not seem to run on EC2, and it is asked once', async () => {
	const { endpoint } = service;
	await service.stop();
	const failure = await rejectionOf(session({ ...service, endpoint }));
	expect(failure).toMatchObject({
		kind: 'unreachable',
		code: 'ECONNREFUSED',
		retryable: false,
		advice: expect.stringContaining('does not seem to run on an EC2 instance') as string,
	});
	expect(failure.message).toContain(`${new URL(endpoint).host} could not be reached`);
});

it('a metadata service that knows only IMDSv1 is not asked for keys', async () => {
	const old = await start({ isFirstVersion: true });
	const failure = await rejectionOf(session(old));
	expect(failure).toMatchObject({ kind: 'credentials', status: 404 });
	expect(failure.message).toContain('knows only IMDSv1');
	expect(old.requests).toHaveLength(1);
});

it('an instance without a role is told apart', async () => {
	const failure = await rejectionOf(session(await start({ role: null })));
	expect(failure).toMatchObject({ kind: 'credentials', status: 404 });
	expect(failure.message).toContain('this instance has no role');
});

it('an empty list of roles is an instance without a role', async () => {
	service.faults.push({}, { status: 200, body: '\n' });
	expect((await rejectionOf(session())).message).toContain('this instance has no role');
});

it('a metadata service that is switched off is told apart', async () => {
	service.faults.push({ status: 403 });
	const failure = await rejectionOf(session());
	expect(failure.message).toContain('the metadata service of this instance is switched off');
	expect(service.requests).toHaveLength(1);
});

it('a role that EC2 may not assume has the words of EC2', async () => {
	const Message = 'EC2 cannot assume the role n8n';
	const refusing = await start({ report: { Code: 'AssumeRoleUnauthorizedAccess', Message } });
	const failure = await rejectionOf(session(refusing));
	expect(failure).toMatchObject({
		kind: 'credentials',
		retryable: false,
		advice: expect.stringContaining('ec2.amazonaws.com sts:AssumeRole') as string,
	});
	expect(failure.message).toContain(Message);
});

it('with a token that has ended meanwhile, a new one is asked for', async () => {
	service.faults.push({}, { status: 401 });
	expect((await session()).accessKeyId).toBe(service.lent[0]?.accessKeyId);
	const tokens = service.requests.filter(({ method }) => method === 'PUT');
	expect(tokens).toHaveLength(2);
});

it('a token that has ended is noticed with the keys as well', async () => {
	service.faults.push({}, {}, { status: 401 });
	expect((await session()).accessKeyId).toBe(service.lent[1]?.accessKeyId);
});

it.each([
	['no token', [{ status: 200, body: 'a\u0001b' }]],
	['a page in place of a role', [{}, { status: 200, body: '<html>' }]],
])('%s is no answer of a metadata service', async (_, faults) => {
	service.faults.push(...faults);
	const failure = await rejectionOf(session());
	expect(failure.message).toContain('answered something else (HTTP 200)');
});

it('the name of a role cannot lead to another path', async () => {
	service.faults.push({}, { status: 200, body: '../../user-data' });
	await rejectionOf(session());
	expect(service.requests).toHaveLength(2);
});

it('after a server failure it is asked again', async () => {
	service.faults.push({ status: 500 }, {}, { status: 503 });
	expect((await session()).accessKeyId).toBe(service.lent[0]?.accessKeyId);
});

it('no failure repeats the token of the metadata service', async () => {
	service.faults.push(
		{},
		{},
		{
			edit: () =>
				JSON.stringify({
					Code: 'Failed',
					Message: String(service.requests[2]?.headers['x-aws-ec2-metadata-token']),
				}),
		},
	);
	const failure = await rejectionOf(session());
	const token = String(service.requests[2]?.headers['x-aws-ec2-metadata-token']);
	expect(token).toHaveLength(56);
	expect(`${failure.message}${failure.description}`).not.toContain(token);
});

it('an endpoint of the metadata service that is no URL is refused', async () => {
	const failure = await rejectionOf(sessionOf({ kind: 'instance', endpoint: 'file:///etc' }));
	expect(failure.kind).toBe('invalid');
	expect(failure.advice).toContain('AWS_EC2_METADATA_SERVICE_ENDPOINT');
});
