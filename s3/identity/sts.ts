/** What the calls of AWS STS have in common. */
import { filledText } from '../jsonFields';
import { partitionOf } from '../partitions';
import { S3Failure } from '../S3Failure';
import { elementText } from '../xmlText';
import type { SessionRequest, SessionResponse } from './sessionHttp';
import type { Refusal, SessionFields } from './sessionResponse';
import { checkEndpoint, checkRoleArn, unknownRegion } from './validate';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
/** STS requires a name; this one tells in CloudTrail where the session comes from. */
export const DEFAULT_SESSION_NAME = 'n8n-nodes-amazon-s3';

/**
 * The URL of the STS that lends the keys of a role.
 * @param endpoint of an STS of one's own; undefined or empty is that of AWS in the region
 * @throws S3Failure of kind `invalid` if the role cannot be there
 */
export function stsUrl(endpoint: string | undefined, region: string, roleArn: string): URL {
	const isOwn = endpoint !== undefined && endpoint.trim() !== '';
	return isOwn ? ownStsUrl(endpoint, roleArn) : awsStsUrl(region, roleArn);
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
			'Choose a region of AWS in the credential. The owner of the machine can name another STS by AWS_ENDPOINT_URL_STS.',
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

/** The request for a call, not signed. */
export function formRequest(
	url: URL,
	parameters: Readonly<Record<string, string>>,
): SessionRequest {
	const body = Object.entries(parameters)
		.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
		.join('&');
	return { method: 'POST', url, headers: { host: url.host, 'content-type': FORM }, body };
}

/** The session in the response to a call, or what the response lacks; undefined if it is of another service. */
export function readStsSession(
	operation: string,
	{ text }: SessionResponse,
): SessionFields | string | undefined {
	if (!text.includes(`<${operation}Response`)) return undefined;
	if (!text.trimEnd().endsWith(`</${operation}Response>`)) return 'it ends in the middle';
	return {
		accessKeyId: elementText(text, 'AccessKeyId'),
		secretAccessKey: elementText(text, 'SecretAccessKey'),
		sessionToken: elementText(text, 'SessionToken'),
		expiration: elementText(text, 'Expiration'),
	};
}

/** AWS repeats the whole request that it compared signatures of, which helps nobody here. */
const SIGNED_REQUEST = /The (Canonical String|String-to-Sign) for this request[^]*/;

/** The refusal in a response; undefined if it is of another service. */
export function readStsRefusal({ text, headers }: SessionResponse): Refusal | undefined {
	const code = elementText(text, 'Code');
	if (code === undefined) return undefined;
	return {
		code,
		message: elementText(text, 'Message')?.replace(SIGNED_REQUEST, '').trimEnd(),
		requestId: elementText(text, 'RequestId') ?? filledText(headers['x-amzn-requestid']),
	};
}
