import type { WebIdentity } from '../../Connection';
import { requestSession } from '../requestSession';
import type { Session } from '../Session';
import type { SessionHttp } from '../sessionHttp';
import { adviceAmong } from '../sessionResponse';
import type { KnownRefusals, Refusal, RefusalAdvice } from '../sessionResponse';
import { DEFAULT_SESSION_NAME, formRequest, readStsRefusal, readStsSession, stsUrl } from '../sts';
import { checkSessionName, quoted } from '../validate';
import { readToken } from './tokenFile';

const OPERATION = 'AssumeRoleWithWebIdentity';

/**
 * Assumes the role of a pod through STS with the token that Kubernetes has put into a file.
 * @param region decides the endpoint of STS
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function assumeRoleWithWebIdentity(
	identity: WebIdentity,
	region: string,
	http: SessionHttp,
): Promise<Session> {
	const roleArn = identity.roleArn.trim();
	const url = stsUrl(identity.stsEndpoint, region, roleArn);
	const parameters = {
		Action: OPERATION,
		Version: '2011-06-15',
		RoleArn: roleArn,
		RoleSessionName: checkSessionName(identity.roleSessionName) ?? DEFAULT_SESSION_NAME,
	};
	const purpose = `Could not assume role ${quoted(roleArn)} of the machine`;
	return await requestSession(
		{
			service: { operation: OPERATION, name: 'STS', purpose, isOfMachine: true },
			sign: async () => {
				const variable = 'AWS_WEB_IDENTITY_TOKEN_FILE';
				const token = await readToken(identity.tokenFile, purpose, variable);
				const request = formRequest(url, { ...parameters, WebIdentityToken: token });
				return { ...request, secrets: [token] };
			},
			readSession: (response) => readStsSession(OPERATION, response),
			readRefusal: readStsRefusal,
			advise,
		},
		http,
	);
}

const REFUSALS: KnownRefusals = [
	[
		/No OpenIDConnect provider/i,
		'Create an IAM identity provider for the OpenID Connect issuer of the cluster, in the account of the role.',
	],
	[
		/audience/i,
		'The identity provider in IAM must list the audience of the token, which is sts.amazonaws.com on EKS.',
	],
	[
		/^ExpiredToken|^InvalidIdentityToken.*expired/i,
		'Kubernetes replaces the token in time: check the clock of the node, and restart the pod of n8n.',
	],
	[
		/^RegionDisabled/,
		'Activate STS for this region in the account, or choose another in the credential.',
	],
	[
		/^AccessDenied/,
		'The trust policy of the role must allow sts:AssumeRoleWithWebIdentity for the service account of n8n: compare its condition on sub with system:serviceaccount:NAMESPACE:NAME, and that on aud with sts.amazonaws.com.',
		'denied',
	],
];

const advise = (refusal: Refusal): RefusalAdvice =>
	adviceAmong(REFUSALS, refusal) ?? {
		kind: 'credentials',
		advice: 'Check the service account of n8n, its role, and the identity provider in IAM.',
	};
