import { timingSafeEqual } from 'node:crypto';
import { invalidArgument, S3Error } from './S3Error';
import { ALGORITHM, canonicalRequest, hmac, queryOf, signingKey, stringToSign } from './signature';
import type { User } from './users';

/** One request as it came over the wire, one character per byte. */
export interface SignedRequest {
	method: string;
	/** As sent, before the question mark. */
	rawPath: string;
	/** As sent, after the question mark. */
	rawQuery: string;
	headers: Record<string, string | undefined>;
}

export interface SigningContext {
	users: readonly User[];
	/** The region that signatures must be for; undefined: any. */
	region: string | undefined;
	now: Date;
}

/** A verified signature, with what is needed to check the chunks of a body signed on. */
export interface Verified {
	user: User;
	/** The region it is signed for. */
	region: string;
	/** `x-amz-content-sha256` of the request. */
	payload: string;
	signature: string;
	scope: string;
	date: string;
	signingKey: Buffer;
}

interface Claim {
	credential: string;
	date: string;
	signedHeaders: string[];
	signature: string;
	payload: string;
	query: [string, string][];
	token: string | undefined;
	/** S3's code for what is wrong with the claim itself. */
	malformed: string;
}

const MAX_SKEW_MS = 15 * 60 * 1000;
const MAX_EXPIRY_SECONDS = 604_800;

/**
 * Checks Signature Version 4 in the header or the query; undefined for an anonymous request.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export function verify(request: SignedRequest, context: SigningContext): Verified | undefined {
	const query = queryOf(request.rawQuery);
	const presigned = query.some(([name]) => /^(X-Amz-Algorithm|Signature)$/.test(name));
	const { authorization } = request.headers;
	if (presigned && authorization !== undefined) {
		throw invalidArgument(
			'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
		);
	}
	if (presigned) return check(request, claimOfQuery(query, request, context.now), context);
	if (authorization === undefined) return undefined;
	return check(request, claimOfHeader(authorization, query, request, context.now), context);
}

function claimOfHeader(
	authorization: string,
	query: [string, string][],
	{ headers }: SignedRequest,
	now: Date,
): Claim {
	if (!authorization.startsWith(ALGORITHM)) throw otherMechanism(authorization);
	const match =
		/^AWS4-HMAC-SHA256 +Credential=([^, ]+), *SignedHeaders=([^, ]+), *Signature=([0-9a-f]{64})$/.exec(
			authorization,
		);
	if (match === null) {
		throw malformed('AuthorizationHeaderMalformed', 'The authorization header is malformed.');
	}
	const [, credential = '', signedHeaders = '', signature = ''] = match;
	const payload = headers['x-amz-content-sha256'];
	if (payload === undefined) {
		throw new S3Error(
			400,
			'InvalidRequest',
			'Missing required header for this request: x-amz-content-sha256',
		);
	}
	const date = headers['x-amz-date'] ?? basicDate(headers.date);
	checkSkew(date, now);
	return {
		credential,
		date,
		signedHeaders: signedHeaders.split(';'),
		signature,
		payload,
		query,
		token: headers['x-amz-security-token'],
		malformed: 'AuthorizationHeaderMalformed',
	};
}

function otherMechanism(authorization: string): S3Error {
	if (!authorization.startsWith('AWS')) return invalidArgument('Unsupported Authorization Type');
	return new S3Error(
		400,
		'InvalidRequest',
		'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
	);
}

function claimOfQuery(query: [string, string][], { headers }: SignedRequest, now: Date): Claim {
	const code = 'AuthorizationQueryParametersError';
	const value = (name: string): string => {
		const found = query.find(([candidate]) => candidate === name)?.[1];
		if (found !== undefined) return found;
		throw malformed(
			code,
			'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
		);
	};
	if (value('X-Amz-Algorithm') !== ALGORITHM) {
		throw malformed(code, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
	}
	const date = value('X-Amz-Date');
	checkExpiry(date, value('X-Amz-Expires'), now);
	return {
		credential: value('X-Amz-Credential'),
		date,
		signedHeaders: value('X-Amz-SignedHeaders').split(';'),
		signature: value('X-Amz-Signature'),
		payload: headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
		query: query.filter(([name]) => name !== 'X-Amz-Signature'),
		token: query.find(([name]) => name === 'X-Amz-Security-Token')?.[1],
		malformed: code,
	};
}

function checkExpiry(date: string, expires: string, now: Date): void {
	const seconds = Number(expires);
	if (!(/^\d+$/.test(expires) && seconds >= 1 && seconds <= MAX_EXPIRY_SECONDS)) {
		throw malformed(
			'AuthorizationQueryParametersError',
			'X-Amz-Expires must be between 1 and 604800 seconds',
		);
	}
	const signedAt = timeOf(date);
	if (signedAt === undefined) {
		throw malformed(
			'AuthorizationQueryParametersError',
			"X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
		);
	}
	if (signedAt - now.getTime() > MAX_SKEW_MS) {
		throw new S3Error(403, 'AccessDenied', 'Request is not valid yet');
	}
	const end = signedAt + seconds * 1000;
	if (now.getTime() > end) {
		throw new S3Error(403, 'AccessDenied', 'Request has expired', {
			fields: {
				'X-Amz-Expires': expires,
				Expires: new Date(end).toISOString(),
				ServerTime: now.toISOString(),
			},
		});
	}
}

function check(request: SignedRequest, claim: Claim, context: SigningContext): Verified {
	const { user, scope, region } = identify(claim, context);
	checkSignedHeaders(request, claim);
	const { method, rawPath, headers } = request;
	const canonical = canonicalRequest({ method, rawPath, headers, ...claim });
	const text = stringToSign(claim.date, scope, canonical);
	const key = signingKey(user.secretAccessKey, scope);
	if (!equal(hmac(key, text).toString('hex'), claim.signature)) {
		throw new S3Error(
			403,
			'SignatureDoesNotMatch',
			'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
			{
				fields: {
					AWSAccessKeyId: user.accessKeyId,
					StringToSign: text,
					SignatureProvided: claim.signature,
					CanonicalRequest: canonical,
				},
			},
		);
	}
	const { payload, date, signature } = claim;
	return { user, region, payload, signature, scope, date, signingKey: key };
}

/** Whose signature it claims to be, and for which scope. */
export function identify(
	claim: Pick<Claim, 'credential' | 'date' | 'token' | 'malformed'>,
	{ users, region, now }: SigningContext,
) {
	const parts = claim.credential.split('/');
	const [day = '', claimedRegion = '', service = '', terminator = ''] = parts.slice(-4);
	const accessKeyId = parts.slice(0, -4).join('/');
	if (accessKeyId === '' || terminator !== 'aws4_request') {
		throw malformed(
			claim.malformed,
			'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
		);
	}
	if (day !== claim.date.slice(0, 8)) {
		throw malformed(claim.malformed, `Invalid credential date "${day}" for ${claim.date}.`);
	}
	if (service !== 's3') {
		throw malformed(
			claim.malformed,
			`incorrect service "${service}". This endpoint belongs to "s3".`,
		);
	}
	if (region !== undefined && claimedRegion !== region) {
		throw new S3Error(
			400,
			claim.malformed,
			`The authorization header is malformed; the region '${claimedRegion}' is wrong; expecting '${region}'`,
			{ fields: { Region: region }, headers: { 'x-amz-bucket-region': region } },
		);
	}
	const user = users.find((candidate) => candidate.accessKeyId === accessKeyId);
	// Temporary keys are known only together with their token.
	if (user === undefined || (user.sessionToken !== undefined && claim.token === undefined)) {
		throw new S3Error(
			403,
			'InvalidAccessKeyId',
			'The AWS Access Key Id you provided does not exist in our records.',
			{ fields: { AWSAccessKeyId: accessKeyId } },
		);
	}
	checkToken(user, claim.token, now);
	return { user, scope: parts.slice(-4).join('/'), region: claimedRegion };
}

function checkToken(user: User, token: string | undefined, now: Date): void {
	if (user.sessionToken !== token) {
		throw new S3Error(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');
	}
	if (user.expires !== undefined && user.expires <= now) {
		throw new S3Error(400, 'ExpiredToken', 'The provided token has expired.');
	}
}

/** The host and all of S3's own headers must be signed. */
function checkSignedHeaders({ headers }: SignedRequest, { signedHeaders }: Claim): void {
	const unsigned = Object.keys(headers).filter(
		(name) => (name.startsWith('x-amz-') || name === 'host') && !signedHeaders.includes(name),
	);
	if (unsigned.length === 0) return;
	throw new S3Error(
		403,
		'AccessDenied',
		'There were headers present in the request which were not signed',
		{ fields: { HeadersNotSigned: unsigned.join(', ') } },
	);
}

function timeOf(date: string): number | undefined {
	const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
	if (match === null) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
		.slice(1)
		.map(Number);
	return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The form of `x-amz-date` of what the `date` header says. */
function basicDate(date: string | undefined): string {
	const time = Date.parse(date ?? '');
	return Number.isNaN(time) ? '' : new Date(time).toISOString().replace(/[:-]|\.\d+/g, '');
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
	if (Math.abs(time - now.getTime()) <= MAX_SKEW_MS) return;
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

export function equal(a: string, b: string): boolean {
	return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

const malformed = (code: string, message: string) => new S3Error(400, code, message);
