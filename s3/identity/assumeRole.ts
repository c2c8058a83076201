import type { Explanation, Granted, Refusal } from './answers';
import {
	checkDuration,
	checkEndpoint,
	checkRoleArn,
	checkSessionName,
	invalid,
	noRegion,
	quoted,
} from './checks';
import { partitionOf } from './partitions';
import type { Answer, PostRequest } from './post';
import { requestSession } from './requestSession';
import type { AssumedRoleIdentity } from '../Connection';
import type { Session, Transport } from './settings';

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
			explain,
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

const ENTITIES: Readonly<Record<string, string>> = {
	amp: '&',
	apos: "'",
	gt: '>',
	lt: '<',
	quot: '"',
};

/** The text of the only element of this name; undefined where there is none or several. */
function textIn(xml: string, name: string): string | undefined {
	const found = [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))];
	if (found.length !== 1) return undefined;
	return found[0]?.[1]?.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, characterOf).trim();
}

function characterOf(entity: string, decimal?: string, hex?: string, name?: string): string {
	if (name !== undefined) return ENTITIES[name] ?? entity;
	const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
	return point <= 0x10ffff ? String.fromCodePoint(point) : entity;
}

function grantedIn({ text }: Answer): Granted | string | undefined {
	if (!text.includes('<AssumeRoleResponse')) return undefined;
	if (!text.trimEnd().endsWith('</AssumeRoleResponse>')) return 'it ends in the middle';
	return {
		accessKeyId: textIn(text, 'AccessKeyId'),
		secretAccessKey: textIn(text, 'SecretAccessKey'),
		sessionToken: textIn(text, 'SessionToken'),
		expiration: textIn(text, 'Expiration'),
	};
}

function refusalIn({ text, headers }: Answer): Refusal | undefined {
	const code = textIn(text, 'Code');
	if (code === undefined) return undefined;
	const header = headers['x-amzn-requestid'];
	return {
		code,
		words: textIn(text, 'Message'),
		requestId: textIn(text, 'RequestId') ?? (typeof header === 'string' ? header : undefined),
	};
}

const KEYS_REFUSED: Explanation = {
	kind: 'credentials',
	advice: 'Check the access key ID and secret access key in the credential, and the region.',
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
		/^AccessDenied/,
		{
			kind: 'denied',
			advice:
				'The trust policy of the role must allow this identity sts:AssumeRole (with the external ID it asks for), and so must the identity’s own policy.',
		},
	],
	[/^ExpiredToken/, TOKEN_REFUSED],
	[
		/^(InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|UnrecognizedClient)/,
		KEYS_REFUSED,
	],
	[
		/^RegionDisabled/,
		{
			kind: 'credentials',
			advice: 'Activate STS for this region in the account, or choose another.',
		},
	],
];

function explain({ code, words }: Refusal): Explanation {
	const refusal = `${code ?? ''} ${words ?? ''}`;
	return (
		REFUSALS.find(([pattern]) => pattern.test(refusal))?.[1] ?? {
			kind: 'credentials',
			advice: 'Check the role, external ID, session name and duration in the credential.',
		}
	);
}
