import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './S3Error';
import type { User } from './users';

/** One request as it came over the wire. */
export interface SignedRequest {
	method: string;
	/** As sent, before the question mark. */
	rawPath: string;
	/** As sent, behind the question mark. */
	rawQuery: string;
	headers: Record<string, string | undefined>;
}

export interface SigningContext {
	users: readonly User[];
	/** The region that signatures must be for. */
	region: string;
	now: Date;
}

/** A verified signature, with what is needed to check the chunks of a body signed on. */
export interface Verified {
	user: User;
	/** `x-amz-content-sha256` of the request. */
	payload: string;
	signature: string;
	scope: string;
	date: string;
	signingKey: Buffer;
}

const MAX_SKEW_MS = 15 * 60 * 1000;
const ALGORITHM = 'AWS4-HMAC-SHA256';

export const sha256 = (data: string | Buffer): string =>
	createHash('sha256').update(data).digest('hex');
export const hmac = (key: Buffer | string, data: string): Buffer =>
	createHmac('sha256', key).update(data).digest();

/**
 * Checks Signature Version 4 in the header or the query; undefined for an anonymous request.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export function verify(request: SignedRequest, context: SigningContext): Verified | undefined {
	const query = queryOf(request.rawQuery);
	if (query.some(([name]) => name === 'X-Amz-Algorithm'))
		return verifyQuery(request, query, context);
	const { authorization } = request.headers;
	return authorization === undefined ? undefined : verifyHeader(request, authorization, context);
}

interface Claim {
	accessKeyId: string;
	date: string;
	scope: string;
	signedHeaders: string[];
	signature: string;
	payload: string;
	query: [string, string][];
	token: string | undefined;
}

function verifyHeader(
	request: SignedRequest,
	authorization: string,
	context: SigningContext,
): Verified {
	const match =
		/^AWS4-HMAC-SHA256 +Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/.exec(
			authorization,
		);
	if (match === null) throw malformed('The authorization header is malformed.');
	const [, credential = '', signedHeaders = '', signature = ''] = match;
	const payload = request.headers['x-amz-content-sha256'];
	if (payload === undefined) {
		throw new S3Error(
			400,
			'InvalidRequest',
			'Missing required header for this request: x-amz-content-sha256',
		);
	}
	const date = request.headers['x-amz-date'] ?? '';
	checkSkew(date, context.now);
	const claim: Claim = {
		...splitCredential(credential),
		date,
		signedHeaders: signedHeaders.split(';'),
		signature,
		payload,
		query: queryOf(request.rawQuery),
		token: request.headers['x-amz-security-token'],
	};
	const unsigned = Object.keys(request.headers).filter(
		(name) => (name.startsWith('x-amz-') || name === 'host') && !claim.signedHeaders.includes(name),
	);
	if (unsigned.length > 0) {
		throw new S3Error(
			403,
			'AccessDenied',
			'There were headers present in the request which were not signed',
			{
				fields: { HeadersNotSigned: unsigned.join(', ') },
			},
		);
	}
	return check(request, claim, context);
}

function verifyQuery(
	request: SignedRequest,
	query: [string, string][],
	context: SigningContext,
): Verified {
	const value = (name: string) => query.find(([found]) => found === name)?.[1] ?? '';
	const date = value('X-Amz-Date');
	const expires = Number(value('X-Amz-Expires'));
	if (!(expires >= 1 && expires <= 604_800)) {
		throw new S3Error(
			400,
			'AuthorizationQueryParametersError',
			'X-Amz-Expires must be between 1 and 604800 seconds',
		);
	}
	const signedAt = timeOf(date);
	if (signedAt === undefined || signedAt - context.now.getTime() > MAX_SKEW_MS) {
		throw new S3Error(403, 'AccessDenied', 'Request is not yet valid');
	}
	if (context.now.getTime() > signedAt + expires * 1000) {
		throw new S3Error(403, 'AccessDenied', 'Request has expired');
	}
	return check(
		request,
		{
			...splitCredential(value('X-Amz-Credential')),
			date,
			signedHeaders: value('X-Amz-SignedHeaders').split(';'),
			signature: value('X-Amz-Signature'),
			payload: request.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
			query: query.filter(([name]) => name !== 'X-Amz-Signature'),
			token: value('X-Amz-Security-Token') || undefined,
		},
		context,
	);
}

function splitCredential(credential: string): { accessKeyId: string; scope: string } {
	const slash = credential.indexOf('/');
	if (slash === -1) throw malformed('The credential is malformed.');
	return { accessKeyId: credential.slice(0, slash), scope: credential.slice(slash + 1) };
}

function check(
	request: SignedRequest,
	claim: Claim,
	{ users, region, now }: SigningContext,
): Verified {
	const [day = '', claimedRegion = '', service = '', terminator = ''] = claim.scope.split('/');
	if (day !== claim.date.slice(0, 8) || service !== 's3' || terminator !== 'aws4_request') {
		throw malformed(`The authorization header is malformed; the scope ${claim.scope} is wrong.`);
	}
	if (claimedRegion !== region) {
		throw new S3Error(
			400,
			'AuthorizationHeaderMalformed',
			`The authorization header is malformed; the region '${claimedRegion}' is wrong; expecting '${region}'`,
			{ fields: { Region: region }, headers: { 'x-amz-bucket-region': region } },
		);
	}
	const user = users.find(({ accessKeyId }) => accessKeyId === claim.accessKeyId);
	if (user === undefined) {
		throw new S3Error(
			403,
			'InvalidAccessKeyId',
			'The AWS Access Key Id you provided does not exist in our records.',
			{
				fields: { AWSAccessKeyId: claim.accessKeyId },
			},
		);
	}
	checkToken(user, claim.token, now);
	const signingKey = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
		(key, part) => hmac(key, part),
		Buffer.from(`AWS4${user.secretAccessKey}`),
	);
	const stringToSign = [
		ALGORITHM,
		claim.date,
		claim.scope,
		sha256(canonicalRequest(request, claim)),
	].join('\n');
	const expected = hmac(signingKey, stringToSign).toString('hex');
	if (!equal(expected, claim.signature)) {
		throw new S3Error(
			403,
			'SignatureDoesNotMatch',
			'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
			{ fields: { AWSAccessKeyId: claim.accessKeyId } },
		);
	}
	const { payload, scope, date, signature } = claim;
	return { user, payload, signature, scope, date, signingKey };
}

function checkToken(user: User, token: string | undefined, now: Date): void {
	if (user.sessionToken !== undefined && user.expires !== undefined && user.expires <= now) {
		throw new S3Error(400, 'ExpiredToken', 'The provided token has expired.');
	}
	if (user.sessionToken !== token) {
		throw new S3Error(403, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');
	}
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function canonicalRequest(request: SignedRequest, claim: Claim): string {
	const encoded = claim.query.map(([name, value]) => `${encode(name)}=${encode(value)}`);
	const headers = claim.signedHeaders.map(
		(name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`,
	);
	return [
		request.method,
		encode(decode(request.rawPath), true),
		encoded.sort((a, b) => (a < b ? -1 : 1)).join('&'),
		headers.join(''),
		claim.signedHeaders.join(';'),
		claim.payload,
	].join('\n');
}

/** The bytes of a percent-encoded text as a string of one character per byte. */
export function decode(text: string): string {
	const bytes = Buffer.from(text).toString('latin1');
	return bytes.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
		String.fromCharCode(parseInt(hex, 16)),
	);
}

function encode(bytes: string, keepSlash = false): string {
	return bytes.replace(keepSlash ? /[^\w.~/-]/g : /[^\w.~-]/g, (character) => {
		return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
	});
}

/** Names and values of a query, decoded to one character per byte. */
export function queryOf(rawQuery: string): [string, string][] {
	return rawQuery
		.split('&')
		.filter((pair) => pair !== '')
		.map((pair) => {
			const equals = pair.indexOf('=');
			const name = equals === -1 ? pair : pair.slice(0, equals);
			const value = equals === -1 ? '' : pair.slice(equals + 1);
			return [decode(name), decode(value)];
		});
}

function timeOf(date: string): number | undefined {
	const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
	if (match === null) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
		.slice(1)
		.map(Number);
	return Date.UTC(year, month - 1, day, hour, minute, second);
}

function checkSkew(date: string, now: Date): void {
	const time = timeOf(date);
	if (time === undefined) {
		throw new S3Error(
			403,
			'AccessDenied',
			'AWS authentication requires a valid Date or x-amz-date header',
		);
	}
	if (Math.abs(time - now.getTime()) > MAX_SKEW_MS) {
		throw new S3Error(
			403,
			'RequestTimeTooSkewed',
			'The difference between the request time and the current time is too large.',
			{
				fields: {
					RequestTime: date,
					ServerTime: now.toISOString(),
					MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
				},
			},
		);
	}
}

function equal(a: string, b: string): boolean {
	return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

const malformed = (message: string) => new S3Error(400, 'AuthorizationHeaderMalformed', message);
