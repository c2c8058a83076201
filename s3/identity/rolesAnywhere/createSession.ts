import type { RolesAnywhereIdentity } from '../../Connection';
import { fieldsOf, filledText, parseObject } from '../../jsonFields';
import { requestSession } from '../requestSession';
import type { Session } from '../Session';
import type { SessionResponse, SessionHttp } from '../sessionHttp';
import type { Refusal, SessionFields } from '../sessionResponse';
import { readSigner } from './certificate';
import { adviseOnRolesAnywhere } from './refusals';
import { checkSettings } from './settings';
import { signCreateSession } from './signature';

/**
 * Assumes a role through IAM Roles Anywhere. Mistakes in the settings, certificate or key are found
 * before anything is sent.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-create-session.html
 */
export async function createSession(
	identity: RolesAnywhereIdentity,
	http: SessionHttp,
): Promise<Session> {
	const settings = checkSettings(identity);
	const signer = readSigner(identity, http.clock());
	const { roleArn } = settings;
	return requestSession(
		{
			service: {
				operation: 'CreateSession',
				name: 'Roles Anywhere',
				purpose: `Could not get a session for role “${roleArn}”`,
			},
			sign: (time) => signCreateSession(settings, signer, time),
			readSession: (response) => readSession(response, roleArn),
			readRefusal,
			advise: adviseOnRolesAnywhere,
		},
		http,
	);
}

function readSession(
	{ text }: SessionResponse,
	roleArn: string,
): SessionFields | string | undefined {
	const body = parseObject(text);
	if (body === undefined) return undefined;
	const sets: unknown = body.credentialSet;
	if (!Array.isArray(sets) || sets.length === 0) return 'it has no credentials';
	if (sets.length > 1) return 'it has several sets of credentials';
	const set = fieldsOf(sets[0]);
	if (set.roleArn !== roleArn) return 'its credentials are for another role';
	return fieldsOf(set.credentials);
}

/** The code is in a header or in the body, with or without the namespace and the URL of its type. */
function readRefusal({ text, headers }: SessionResponse): Refusal | undefined {
	const body = parseObject(text);
	const named =
		filledText(headers['x-amzn-errortype']) ?? filledText(body?.__type) ?? filledText(body?.code);
	const message = filledText(body?.message) ?? filledText(body?.Message);
	if (named === undefined && message === undefined) return undefined;
	return {
		code: named?.replace(/:.*$/s, '').replace(/^.*#/s, ''),
		message,
		requestId: filledText(headers['x-amzn-requestid']),
	};
}
