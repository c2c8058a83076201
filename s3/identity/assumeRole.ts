import type { AssumedRoleIdentity } from '../Connection';
import { partitionOf } from '../partitions';
import { S3Failure } from '../S3Failure';
import { elementText } from '../xmlText';
import { requestSession } from './requestSession';
import type { Session } from './Session';
import type { PostRequest, PostResponse, SessionHttp } from './sessionHttp';
import type { Refusal, SessionFields } from './sessionResponse';
import { adviseOnSts } from './stsRefusals';
import {
	checkDuration,
	checkEndpoint,
	checkRoleArn,
	checkSessionName,
	quoted,
	unknownRegion,
} from './validate';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
/** STS requires a name; this one tells in CloudTrail where the session comes from. */
const DEFAULT_SESSION_NAME = 'n8n-nodes-amazon-s3';

/** The checked values of a request for a session. */
interface CheckedRole {
	readonly url: URL;
	readonly region: string;
	readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Assumes a role through STS.
 * @param region decides the endpoint of STS and is what the request is signed for
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function assumeRole(
	identity: AssumedRoleIdentity,
	region: string,
	http: SessionHttp,
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
			readSession,
			readRefusal,
			advise: (refusal) => adviseOnSts(refusal, role.parameters.ExternalId),
		},
		http,
	);
}

/** @throws S3Failure of kind `invalid` */
function checkAssumedRole(identity: AssumedRoleIdentity, region: string): CheckedRole {
	const { externalId, durationSeconds, stsEndpoint } = identity;
	const roleArn = identity.roleArn.trim();
	const hasOwnSts = stsEndpoint !== undefined && stsEndpoint.trim() !== '';
	checkDuration(durationSeconds);
	checkExternalId(externalId);
	return {
		url: hasOwnSts ? ownStsUrl(stsEndpoint, roleArn) : awsStsUrl(region, roleArn),
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

/** An STS of one's own may have role ARNs of another form than AWS. */
function ownStsUrl(endpoint: string, roleArn: string): URL {
	if (!/^arn:\S+$/.test(roleArn)) {
		throw S3Failure.invalid(
			'Role ARN: this is not an ARN',
			'Enter the Role ARN as your server names it.',
		);
	}
	return checkEndpoint(endpoint, 'STS endpoint');
}

function awsStsUrl(region: string, roleArn: string): URL {
	const role = checkRoleArn(roleArn);
	const partition = partitionOf(region);
	if (partition === undefined) {
		throw unknownRegion(
			region,
			'Choose a region of AWS in the credential, or enter the STS endpoint of your server.',
		);
	}
	if (partition.id !== role.partition) {
		throw S3Failure.invalid(
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

function readSession({ text }: PostResponse): SessionFields | string | undefined {
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
const SIGNED_REQUEST = /The (Canonical String|String-to-Sign) for this request[^]*/;

function readRefusal({ text, headers }: PostResponse): Refusal | undefined {
	const code = elementText(text, 'Code');
	if (code === undefined) return undefined;
	const header = headers['x-amzn-requestid'];
	return {
		code,
		message: elementText(text, 'Message')?.replace(SIGNED_REQUEST, '').trimEnd(),
		requestId: elementText(text, 'RequestId') ?? (typeof header === 'string' ? header : undefined),
	};
}
