import { readConnection } from '../../../../credentials/read/readConnection';
import { stsOfMachine } from '../../../../credentials/read/readMachine';
import { failureOf } from '../../failureOf';

const SWITCH = 'N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED';
const ROLE = 'arn:aws:iam::111122223333:role/pod';
const WEB_IDENTITY = { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token' };
const ECS = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/id' };
const EKS = {
	AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
	AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/var/run/pod-token',
};
const before = { ...process.env };

function set(variables: Record<string, string>): void {
	for (const name of Object.keys(process.env)) {
		if (/^AWS_|^N8N_AWS_/.test(name)) Reflect.deleteProperty(process.env, name);
	}
	Object.assign(process.env, variables);
}
const allow = (variables: Record<string, string> = {}) => {
	set({ [SWITCH]: 'true', ...variables });
};
afterAll(() => {
	set({});
	Object.assign(process.env, before);
});

const read = (fields: object = {}) => readConnection('amazonS3AmbientApi', { ...fields }).identity;

const CONTAINER = { kind: 'container', token: undefined, tokenFile: undefined };
const INSTANCE = { kind: 'instance', endpoint: 'http://169.254.169.254' };

it.each(['', 'false', '0', 'yes'])(
	'the role of the machine is refused if the switch of n8n is %j, whatever the source',
	(value) => {
		set({ ...WEB_IDENTITY, ...ECS, ...(value === '' ? {} : { [SWITCH]: value }) });
		for (const source of ['automatic', 'webIdentity', 'container', 'instance', 'else', undefined]) {
			for (const assumeRole of [false, true]) {
				const failure = failureOf(() => read({ source, assumeRole, roleArn: ROLE }));
				expect(failure.kind).toBe('refused');
				expect(failure.advice).toContain(`${SWITCH}=true`);
			}
		}
	},
);

it.each<[string, Record<string, string>, object]>([
	['the token file of a pod', { ...WEB_IDENTITY, ...ECS }, { kind: 'webIdentity', roleArn: ROLE }],
	['the agent of a container', { ...ECS, AWS_ROLE_ARN: ROLE }, { kind: 'container' }],
	['the metadata service', {}, INSTANCE],
])('the automatic source is %s if the environment has it', (_, variables, identity) => {
	allow(variables);
	expect(read({ source: 'automatic' })).toMatchObject(identity);
	expect(read({})).toMatchObject(identity);
});

it('a source that is chosen is taken, whatever else the environment has', () => {
	allow({ ...WEB_IDENTITY, ...ECS });
	expect(read({ source: 'instance' })).toEqual(INSTANCE);
	expect(read({ source: 'container' }).kind).toBe('container');
	expect(read({ source: 'webIdentity' }).kind).toBe('webIdentity');
});

it('access keys in the environment are never taken', () => {
	allow({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_PROFILE: 'x' });
	expect(read()).toEqual(INSTANCE);
});

it.each<[string, Record<string, string>, RegExp]>([
	['webIdentity', { AWS_ROLE_ARN: ROLE }, /has no AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN/],
	['webIdentity', { AWS_WEB_IDENTITY_TOKEN_FILE: '/x' }, /has no AWS_WEB_IDENTITY_TOKEN_FILE/],
	['container', {}, /has no AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or/],
	['container', { AWS_CONTAINER_CREDENTIALS_FULL_URI: ' ' }, /has no AWS_CONTAINER_CREDENTIALS/],
	['container', { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '@example.com/' }, /with a slash/],
	['else', {}, /Source is unknown: else/],
])('the source %s with the environment %j is refused', (source, variables, words) => {
	allow(variables);
	const failure = failureOf(() => read({ source }));
	expect(failure.kind).toBe('invalid');
	expect(failure.message).toMatch(words);
});

it('the agent of ECS is asked at its address for the path of the task', () => {
	allow({ ...ECS, ...EKS, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '' });
	const url = 'http://169.254.170.2/v2/credentials/id';
	expect(read({ source: 'container' })).toEqual({ ...CONTAINER, url });
});

it('the agent of EKS is asked with the token of the environment or of its file', () => {
	allow({ ...EKS, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token' });
	expect(read({ source: 'container' })).toEqual({
		kind: 'container',
		url: 'http://169.254.170.23/v1/credentials',
		token: 'token',
		tokenFile: '/var/run/pod-token',
	});
});

it('the session of a pod has the name and the STS of the environment', () => {
	allow({
		...WEB_IDENTITY,
		AWS_ROLE_SESSION_NAME: 'pod-7',
		AWS_ENDPOINT_URL_STS: 'https://sts.example.com',
	});
	expect(read()).toEqual({
		kind: 'webIdentity',
		roleArn: ROLE,
		tokenFile: '/var/run/token',
		roleSessionName: 'pod-7',
		stsEndpoint: 'https://sts.example.com',
	});
	expect(stsOfMachine()).toBe('https://sts.example.com');
});

it('the endpoint of the credential never gets the token of a pod', () => {
	allow(WEB_IDENTITY);
	expect(read({ endpoint: 'https://s3.example.com' })).toMatchObject({ stsEndpoint: undefined });
});

it.each<[Record<string, string>, string]>([
	[{ AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1338' }, 'http://127.0.0.1:1338'],
	[{ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'IPv6' }, 'http://[fd00:ec2::254]'],
	[{ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'IPv4' }, 'http://169.254.169.254'],
	[{ AWS_EC2_METADATA_DISABLED: 'false' }, 'http://169.254.169.254'],
])('with the environment %j the metadata service is at %s', (variables, endpoint) => {
	allow(variables);
	expect(read({ source: 'instance' })).toEqual({ kind: 'instance', endpoint });
});

it.each(['automatic', 'instance'])(
	'the metadata service is not asked if the environment forbids it, also with the source %s',
	(source) => {
		allow({ AWS_EC2_METADATA_DISABLED: 'true' });
		expect(failureOf(() => read({ source })).advice).toContain('AWS_EC2_METADATA_DISABLED');
	},
);

it('a role is assumed as the role of the machine with the STS of the environment or of AWS, whatever the endpoint is', () => {
	const fields = { assumeRole: true, roleArn: `${ROLE}-2`, endpoint: 'https://ceph.example.com' };
	allow();
	expect(read(fields)).toMatchObject({
		kind: 'assumeRole',
		source: INSTANCE,
		roleArn: `${ROLE}-2`,
		stsEndpoint: undefined,
	});
	allow({ AWS_ENDPOINT_URL_STS: 'https://sts.example.com' });
	expect(read(fields)).toMatchObject({ stsEndpoint: 'https://sts.example.com' });
});
