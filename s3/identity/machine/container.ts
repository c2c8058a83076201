import type { ContainerIdentity } from '../../Connection';
import { filledText, parseObject } from '../../jsonFields';
import { requestSession } from '../requestSession';
import type { Session } from '../Session';
import type { SessionHttp, SessionRequest, SessionResponse } from '../sessionHttp';
import type { Refusal, RefusalAdvice } from '../sessionResponse';
import { agentUrl, PURPOSE } from './agentUrl';
import { lentKeys } from './lentKeys';
import { readToken } from './tokenFile';

const SERVICE = {
	operation: 'GetContainerCredentials',
	name: 'the container agent',
	purpose: PURPOSE,
	isOfMachine: true,
	unreachable:
		'n8n does not seem to run in a container that has a role, or its network does not let it reach the agent: choose another Source in the credential, or check the task role (ECS) or the agent of EKS Pod Identity.',
};

/**
 * Asks the agent of ECS or of EKS Pod Identity for the keys of the container's role.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export async function requestContainerSession(
	identity: ContainerIdentity,
	http: SessionHttp,
): Promise<Session> {
	const url = agentUrl(identity.url);
	return await requestSession(
		{
			service: SERVICE,
			sign: async () => requestFor(url, await tokenOf(identity)),
			readSession: ({ text }) => lentKeys(text),
			readRefusal,
			advise,
		},
		http,
	);
}

async function tokenOf({ token, tokenFile }: ContainerIdentity): Promise<string | undefined> {
	if (tokenFile === undefined) return token;
	return await readToken(tokenFile, PURPOSE, 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE');
}

function requestFor(url: URL, token: string | undefined): SessionRequest {
	const authorization = token === undefined ? {} : { authorization: token };
	const headers = { host: url.host, accept: 'application/json', ...authorization };
	return { method: 'GET', url, headers, body: '' };
}

/** ECS answers in JSON, with small or capital letters; the agent of EKS also in plain text. */
function readRefusal({ text, headers }: SessionResponse): Refusal | undefined {
	const body = parseObject(text);
	const isPlain = headers['content-type']?.startsWith('text/plain') === true;
	const message =
		filledText(body?.message) ?? filledText(body?.Message) ?? (isPlain ? text : undefined);
	const code = filledText(body?.code) ?? filledText(body?.Code);
	if (code === undefined && (message === undefined || message.trim() === '')) return undefined;
	return { code, message: message?.trim(), requestId: filledText(headers['x-amzn-requestid']) };
}

function advise(): RefusalAdvice {
	return {
		kind: 'credentials',
		advice:
			'Check that the task has a task role (ECS), or that the service account has a Pod Identity association whose role trusts pods.eks.amazonaws.com (EKS).',
	};
}
