import type { InstanceIdentity } from '../../Connection';
import { S3Failure } from '../../S3Failure';
import { filledText, parseObject } from '../../jsonFields';
import { requestSession } from '../requestSession';
import type { Session } from '../Session';
import { exchange } from '../sessionHttp';
import type { SessionHttp, SessionRequest, SessionResponse } from '../sessionHttp';
import type { Refusal } from '../sessionResponse';
import { lentKeys } from './lentKeys';

/** Milliseconds: the service answers at once, or it is not there. */
const TIMEOUT = 2_000;
/** Seconds that the token of the metadata service is valid, of which we need one. */
const TOKEN_LIFE = '60';
const TOKEN_PATH = '/latest/api/token';
const ROLES_PATH = '/latest/meta-data/iam/security-credentials/';
const PURPOSE = 'Could not get the keys of the instance’s role';
const SERVICE = {
	operation: 'GetInstanceCredentials',
	name: 'the instance metadata service',
	purpose: PURPOSE,
	isOfMachine: true,
	unreachable:
		'n8n does not seem to run on an EC2 instance, or its network does not let it reach the metadata service: choose another Source in the credential.',
};

/**
 * Asks the metadata service of an EC2 instance, in its second version only, for the keys of the instance's role.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export async function requestInstanceSession(
	{ endpoint }: InstanceIdentity,
	context: SessionHttp,
): Promise<Session> {
	const http = { ...context, timeout: Math.min(context.timeout, TIMEOUT) };
	const base = checkEndpoint(endpoint);
	return await requestSession(
		{
			service: SERVICE,
			sign: async () => {
				const token = await requestToken(base, http);
				const role = await requestRole(base, token, http);
				return requestFor('GET', base, `${ROLES_PATH}${role}`, tokenHeader(token));
			},
			readSession: ({ text }) => lentKeys(text),
			refusesInSuccess: true,
			readRefusal,
			advise: () => ({
				kind: 'credentials',
				advice: 'The trust policy of the role must allow ec2.amazonaws.com sts:AssumeRole.',
			}),
		},
		http,
	);
}

function checkEndpoint(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
	throw S3Failure.invalid(
		`${PURPOSE}: the endpoint of the metadata service is not a URL`,
		'Set AWS_EC2_METADATA_SERVICE_ENDPOINT in the environment of n8n to a URL such as http://169.254.169.254, or remove it.',
	);
}

const tokenHeader = (token: string) => ({ 'x-aws-ec2-metadata-token': token });

function requestFor(
	method: SessionRequest['method'],
	base: URL,
	path: string,
	headers: Readonly<Record<string, string>>,
): SessionRequest {
	return { method, url: new URL(path, base), headers: { host: base.host, ...headers }, body: '' };
}

async function requestToken(base: URL, http: SessionHttp): Promise<string> {
	const life = { 'x-aws-ec2-metadata-token-ttl-seconds': TOKEN_LIFE };
	const request = requestFor('PUT', base, TOKEN_PATH, life);
	const response = await exchange(request, SERVICE, http).catch((error: unknown) => {
		throw notAnswered(error);
	});
	const token = response.text.trim();
	if (response.status === 200 && /^[\x21-\x7e]+$/.test(token)) return token;
	throw tokenRefusal(response);
}

/** Nobody waits for a metadata service that is not there. */
function notAnswered(error: unknown): unknown {
	if (!(error instanceof S3Failure)) return error;
	const { kind, operation, code, message, advice } = error;
	// The hop limit lets the connection through and holds back the response with the token.
	if (code === 'TimeoutError') {
		return new S3Failure({
			kind,
			operation,
			code,
			message: `${PURPOSE}: the metadata service accepts connections, but sends no token`,
			advice:
				'n8n seems to run in a container, which needs a hop limit of 2: aws ec2 modify-instance-metadata-options --instance-id ID --http-put-response-hop-limit 2.',
		});
	}
	return new S3Failure({ kind, operation, code, message, advice });
}

/** 404 and 405 come from services that know the first version only, which any web page could be made to ask. */
function tokenRefusal({ status }: SessionResponse): S3Failure {
	if (status === 404 || status === 405 || status === 501) {
		return failure(
			status,
			'the metadata service knows only IMDSv1, which is not used',
			'Make the instance require IMDSv2 (HttpTokens: required), and update whatever replaces its metadata service.',
		);
	}
	return refusalOf(status);
}

async function requestRole(base: URL, token: string, http: SessionHttp): Promise<string> {
	const request = requestFor('GET', base, ROLES_PATH, tokenHeader(token));
	const { status, text } = await exchange(request, SERVICE, http);
	const [role = ''] = text.trim().split('\n');
	if (status === 200 && /^[\w+=,.@-]{1,64}$/.test(role)) return role;
	throw refusalOf(status === 200 && role === '' ? 404 : status);
}

/** What the service answers in place of a role or its keys. */
function refusalOf(status: number): S3Failure {
	if (status === 403) {
		return failure(
			status,
			'the metadata service of this instance is switched off',
			'Switch it on (HttpEndpoint: enabled), or choose another Source in the credential.',
		);
	}
	if (status === 404) {
		return failure(
			status,
			'this instance has no role',
			'Attach an instance profile with a role to the instance; no restart is needed.',
		);
	}
	// 401 is for a token that has ended.
	const mayPass = status === 401 || status === 429 || status >= 500;
	return failure(
		status,
		`the metadata service answered something else (HTTP ${status})`,
		'Check what replaces the metadata service of the instance.',
		mayPass,
	);
}

function failure(status: number, words: string, advice: string, retryable = false): S3Failure {
	return new S3Failure({
		kind: retryable ? 'unavailable' : 'credentials',
		message: `${PURPOSE}: ${words}`,
		advice,
		operation: SERVICE.operation,
		status,
		retryable,
	});
}

/** The service reports with status 200 that EC2 may not assume the role. */
function readRefusal({ text, status }: SessionResponse): Refusal | undefined {
	if (status !== 200) throw refusalOf(status);
	const body = parseObject(text);
	const code = filledText(body?.Code);
	if (code === undefined || code === 'Success') return undefined;
	return { code, message: filledText(body?.Message), requestId: undefined };
}
