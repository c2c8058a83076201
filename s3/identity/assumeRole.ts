import type { Explanation, Granted, Refusal } from './sessionResponse';
import {
	checkDuration,
	checkEndpoint,
	checkRoleArn,
	checkSessionName,
	invalid,
	noRegion,
	quoted,
} from './validate';
import { partitionOf } from '../partitions';
import type { Answer, PostRequest } from './sessionHttp';
import { requestSession } from './requestSession';
import type { AssumedRoleIdentity } from '../Connection';
import type { Session, Transport } from './Session';
import { elementText } from '../xmlText';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
/** STS requires a name; this one tells in CloudTrail where the session comes from. */
const DEFAULT_SESSION_NAME = 'n8n-nodes-amazon-s3';

/** What the request for a session is made of, checked. */
interface CheckedRole {
	readonly url: URL;
	readonly region: string;
	readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Takes on a role through STS.
 * @param region decides the endpoint of STS and is what the request is signed for
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function assumeRole(
	identity: AssumedRoleIdentity,
	region: string,
	transport: Transport,
): Promise<Session> {
	const role = checkAssumedRole(identity, region);
	return requestSession(
		{
			service: {
				operation: 'AssumeRole',
				name: 'STS',
				purpose: `Could not assume role ${quoted(role.parameters.RoleArn ?? '')}`,
			},
			sign: (time) => signAssumeRole(role, identity, time),
			grantedIn,
			refusalIn,
			explain: (refusal) => explain(refusal, role.parameters),
		},
		transport,
	);
}

/** @throws S3Failure of kind `invalid` */
function checkAssumedRole(identity: AssumedRoleIdentity, region: string): CheckedRole {
	const { externalId, durationSeconds, stsEndpoint } = identity;
	const roleArn = identity.roleArn.trim();
	const own = stsEndpoint !== undefined && stsEndpoint.trim() !== '';
	checkDuration(durationSeconds);
	checkExternalId(externalId);
	return {
		url: own ? ownStsUrl(stsEndpoint, roleArn) : stsUrl(region, roleArn),
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
	throw invalid(
		'The external ID is not allowed: it must have 2 to 1224 letters, digits or any of _ + = , . @ : / -',
		'Copy the external ID again from who gave you the role, without blanks around it.',
	);
}

/** An STS of one's own may have role ARNs of its own kind. */
function ownStsUrl(endpoint: string, roleArn: string): URL {
	if (!/^arn:\S+$/.test(roleArn)) {
		throw invalid('Role ARN: this is not an ARN', 'Enter the Role ARN as your server names it.');
	}
	return checkEndpoint(endpoint, 'STS endpoint');
}

function stsUrl(region: string, roleArn: string): URL {
	const role = checkRoleArn(roleArn);
	const partition = partitionOf(region);
	if (partition === undefined) {
		throw noRegion(
			region,
			'Choose a region of AWS in the credential, or enter the STS endpoint of your server.',
		);
	}
	if (partition.id !== role.partition) {
		throw invalid(
			`The role is in partition ${role.partition} but region ${region} is in ${partition.id}`,
			'Choose a region in the credential that belongs to the account of the role.',
		);
	}
	return new URL(`https://sts.${region}.${partition.dnsSuffix}`);
}

async function signAssumeRole(
	{ url, region, parameters }: CheckedRole,
	{ source }: AssumedRoleIdentity,
	time: Date,
): Promise<PostRequest> {
	const { SignatureV4, Hash } = await import('../sdk');
	const { accessKeyId, secretAccessKey, sessionToken } = source;
	const body = Object.entries(parameters)
		.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
		.join('&');
	const signer = new SignatureV4({
		service: 'sts',
		region,
		credentials: {
			accessKeyId,
			secretAccessKey,
			...(sessionToken === undefined ? {} : { sessionToken }),
		},
		sha256: Hash.bind(null, 'sha256'),
	});
	const { headers } = await signer.sign(
		{
			method: 'POST',
			protocol: url.protocol,
			hostname: url.hostname,
			path: url.pathname,
			headers: { host: url.host, 'content-type': FORM },
			body,
		},
		{ signingDate: time },
	);
	return { url, headers, body };
}

function grantedIn({ text }: Answer): Granted | string | undefined {
	if (!text.includes('<AssumeRoleResponse')) return undefined;
	if (!text.trimEnd().endsWith('</AssumeRoleResponse>')) return 'it ends in the middle';
	return {
		accessKeyId: elementText(text, 'AccessKeyId'),
		secretAccessKey: elementText(text, 'SecretAccessKey'),
		sessionToken: elementText(text, 'SessionToken'),
		expiration: elementText(text, 'Expiration'),
	};
}

/** AWS repeats the whole request that it compared signatures of, which helps nobody here. */
const WHAT_WAS_SIGNED = /\s*The (Canonical String|String-to-Sign) for this request[^]*/;

function refusalIn({ text, headers }: Answer): Refusal | undefined {
	const code = elementText(text, 'Code');
	if (code === undefined) return undefined;
	const header = headers['x-amzn-requestid'];
	return {
		code,
		words: elementText(text, 'Message')?.replace(WHAT_WAS_SIGNED, ''),
		requestId: elementText(text, 'RequestId') ?? (typeof header === 'string' ? header : undefined),
	};
}

const KEY_UNKNOWN: Explanation = {
	kind: 'credentials',
	advice:
		'Check the access key ID in the credential (if it begins with ASIA, the session token too), and the region.',
};

const SECRET_WRONG: Explanation = {
	kind: 'credentials',
	advice: 'Enter the secret access key in the credential again.',
};

const TOKEN_REFUSED: Explanation = {
	kind: 'credentials',
	advice: 'Put fresh temporary credentials (all three values) into the credential.',
};

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const REFUSALS: ReadonlyArray<readonly [RegExp, Explanation]> = [
	[
		/MaxSessionDuration|session limit for roles assumed by role chaining/i,
		{
			kind: 'credentials',
			advice:
				'Lower the duration in the credential, or raise the maximum session duration of the role; keys that are a session themselves get an hour at most.',
		},
	],
	[
		/^(AuthorizationHeaderMalformed|MethodNotAllowed|NotImplemented)/,
		{
			kind: 'credentials',
			advice:
				'The server at the endpoint of the credential seems to have no STS: switch “Assume Role” off, or ask who runs the server.',
		},
	],
	[/^ExpiredToken/, TOKEN_REFUSED],
	[/^(InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient)/, KEY_UNKNOWN],
	[/^SignatureDoesNotMatch/, SECRET_WRONG],
	[
		/^RegionDisabled/,
		{
			kind: 'credentials',
			advice: 'Activate STS for this region in the account, or choose another.',
		},
	],
];

function explain({ code, words }: Refusal, { ExternalId }: CheckedRole['parameters']): Explanation {
	const refusal = `${code ?? ''} ${words ?? ''}`;
	const known = REFUSALS.find(([pattern]) => pattern.test(refusal))?.[1];
	if (known === undefined && refusal.startsWith('AccessDenied')) return denial(ExternalId);
	return (
		known ?? {
			kind: 'credentials',
			advice: 'Check the role, external ID, session name and duration in the credential.',
		}
	);
}

/** STS does not say which of these it is. */
function denial(externalId: string | undefined): Explanation {
	const condition =
		externalId === undefined
			? 'without an external ID (if it asks for one, enter it in the credential)'
			: 'with exactly the external ID that is in the credential';
	return {
		kind: 'denied',
		advice: `The trust policy of the role must allow this identity sts:AssumeRole ${condition}, and so must the identity’s own policy.`,
	};
}
