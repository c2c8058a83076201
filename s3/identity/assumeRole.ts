import type { AssumedRoleIdentity } from '../Connection';
import { S3Failure } from '../S3Failure';
import { requestSession } from './requestSession';
import type { Session } from './Session';
import type { SessionHttp, SessionRequest } from './sessionHttp';
import { signedRequest } from './signer';
import type { SigningKeys } from './signer';
import { DEFAULT_SESSION_NAME, formRequest, readStsRefusal, readStsSession, stsUrl } from './sts';
import { isHostOfAws } from '../partitions';
import { adviseOnSts } from './stsRefusals';
import { checkDuration, checkSessionName, quoted } from './validate';

/** The checked values of a request for a session. */
interface CheckedRole {
	readonly url: URL;
	readonly region: string;
	readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Assumes a role through STS.
 * @param keys gives those of who assumes it, once the settings are known to be right
 * @param region decides the endpoint of STS and is what the request is signed for
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function assumeRole(
	identity: AssumedRoleIdentity,
	keys: () => Promise<SigningKeys>,
	region: string,
	http: SessionHttp,
): Promise<Session> {
	const role = checkAssumedRole(identity, region);
	const source = await keys();
	return requestSession(
		{
			service: {
				operation: 'AssumeRole',
				name: 'STS',
				purpose: `Could not assume role ${quoted(role.parameters.RoleArn ?? '')}`,
			},
			sign: (time) => signAssumeRole(role, source, time),
			readSession: (response) => readStsSession('AssumeRole', response),
			readRefusal: readStsRefusal,
			advise: (refusal) =>
				adviseOnSts(refusal, role.parameters.ExternalId, !isHostOfAws(role.url.hostname)),
		},
		http,
	);
}

/** @throws S3Failure of kind `invalid` */
function checkAssumedRole(identity: AssumedRoleIdentity, region: string): CheckedRole {
	const { externalId, durationSeconds, stsEndpoint } = identity;
	const roleArn = identity.roleArn.trim();
	checkDuration(durationSeconds);
	checkExternalId(externalId);
	return {
		url: stsUrl(stsEndpoint, region, roleArn),
		region,
		parameters: {
			Action: 'AssumeRole',
			Version: '2011-06-15',
			RoleArn: roleArn,
			RoleSessionName: checkSessionName(identity.roleSessionName) ?? DEFAULT_SESSION_NAME,
			...(durationSeconds === undefined ? {} : { DurationSeconds: String(durationSeconds) }),
			...(externalId === undefined || externalId === '' ? {} : { ExternalId: externalId }),
		},
	};
}

function checkExternalId(externalId: string | undefined): void {
	if (externalId === undefined || externalId === '') return;
	if (/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) return;
	throw S3Failure.invalid(
		'The external ID is not allowed: it must have 2 to 1224 letters, digits or any of _ + = , . @ : / -',
		'Copy the external ID again from who gave you the role, without blanks around it.',
	);
}

async function signAssumeRole(
	{ url, region, parameters }: CheckedRole,
	keys: SigningKeys,
	time: Date,
): Promise<SessionRequest> {
	const request = formRequest(url, parameters);
	const sdk = await import('../sdk');
	return await signedRequest(sdk, keys, { service: 'sts', region }, request, time);
}
