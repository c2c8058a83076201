import type { Granted, Refusal } from '../sessionResponse';
import type { Answer } from '../sessionHttp';
import { requestSession } from '../requestSession';
import type { RolesAnywhereIdentity } from '../../Connection';
import type { Session, Transport } from '../Session';
import { readSigner } from './certificate';
import { explainRefusal } from './refusals';
import { checkSettings } from './settings';
import { signCreateSession } from './signature';

/**
 * Takes on a role through IAM Roles Anywhere. What is wrong with the settings, certificate or key is
 * found before anything is sent.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-create-session.html
 */
export async function createSession(
	identity: RolesAnywhereIdentity,
	transport: Transport,
): Promise<Session> {
	const settings = checkSettings(identity);
	const signer = readSigner(identity, transport.clock());
	const { roleArn } = settings;
	return requestSession(
		{
			service: {
				operation: 'CreateSession',
				name: 'Roles Anywhere',
				purpose: `Could not get a session for role “${roleArn}”`,
			},
			sign: (time) => signCreateSession(settings, signer, time),
			grantedIn: (answer) => grantedIn(answer, roleArn),
			refusalIn,
			explain: explainRefusal,
		},
		transport,
	);
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
	typeof value === 'object' && value !== null ? (value as Fields) : {};

const textOf = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' ? value : undefined;

function jsonOf(text: string): Fields | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
	} catch {
		return undefined;
	}
}

function grantedIn({ text }: Answer, roleArn: string): Granted | string | undefined {
	const answer = jsonOf(text);
	if (answer === undefined) return undefined;
	const sets: unknown = answer.credentialSet;
	if (!Array.isArray(sets) || sets.length === 0) return 'it has no credentials';
	if (sets.length > 1) return 'it has several sets of credentials';
	const set = fieldsOf(sets[0]);
	if (set.roleArn !== roleArn) return 'its credentials are for another role';
	return fieldsOf(set.credentials);
}

/** The code is in a header or in the body, with or without namespace and address of a type. */
function refusalIn({ text, headers }: Answer): Refusal | undefined {
	const body = jsonOf(text);
	const named = textOf(headers['x-amzn-errortype']) ?? textOf(body?.__type) ?? textOf(body?.code);
	const words = textOf(body?.message) ?? textOf(body?.Message);
	if (named === undefined && words === undefined) return undefined;
	return {
		code: named?.replace(/:.*$/s, '').replace(/^.*#/s, ''),
		words,
		requestId: textOf(headers['x-amzn-requestid']),
	};
}
