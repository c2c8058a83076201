import { isDirectoryBucket } from '../bucketKinds';
import type { Call } from '../Call';
import type { AccessKeysIdentity, Connection } from '../Connection';
import { nameOf } from '../errors/failureFrom';
import type { SessionProvider } from '../identity/identityFor';
import type { Session } from '../identity/Session';
import { signerFor } from '../identity/signer';
import type { SigningKeys } from '../identity/signer';
import { checkBucketInEndpoint } from '../policy/bucketInEndpoint';
import { endpointUrl } from '../policy/endpointUrl';
import { checkPublicEndpoint } from '../policy/publicEndpoint';
import { permittedLife } from '../policy/linkLife';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import type {
	BuiltRequest,
	LinkCap,
	LinkSigner,
	LinkTerms,
	OpenS3,
	PolicyCondition,
	PresignedRequest,
} from './S3';

type Sdk = typeof import('../sdk');
type Signer = InstanceType<Sdk['SignatureV4']>;

/** What links are signed with, besides the connection. */
interface LinkContext {
	readonly sdk: Sdk;
	/** Gives the keys of a role; undefined if the connection has keys of its own. */
	readonly sessions: SessionProvider | undefined;
	/** Milliseconds that the server's clock is ahead of ours, as far as responses have told. */
	readonly clockOffset: () => number;
	/** Whether the region of the bucket is certain, after asking for it. */
	readonly isRegionCertain: () => Promise<boolean>;
}

/** From when to when links live, and what they are signed with. */
interface Life {
	readonly signingDate: Date;
	/** Seconds. */
	readonly seconds: number;
	readonly cappedBy: LinkCap | undefined;
	readonly keys: SigningKeys;
}

/** Signed as a parameter, as S3 documents it, so that a browser can follow the link. */
const PAYER = 'x-amz-request-payer';

/**
 * Gets ready to sign links and forms, see `OpenS3.signerFor`.
 * @throws S3Failure
 */
export async function openLinkSigner(
	s3: Pick<OpenS3, 'connection' | 'build'>,
	context: LinkContext,
	terms: LinkTerms,
	call: Call,
): Promise<LinkSigner> {
	const { connection } = s3;
	const { bucket, key, expiresIn } = terms;
	const seconds = permittedLife(connection, expiresIn, { bucket, key });
	refuseHttpBasic(connection, terms);
	// @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-create-session.html
	if (isDirectoryBucket(bucket)) throw otherSignature(terms);
	// A browser cannot follow the redirect that S3 sends for a wrong region.
	const isCertain = await context.isRegionCertain();
	const cappedBy = seconds < expiresIn ? 'privacyLevel' : undefined;
	const life = await lifeOf(connection, context, { seconds, cappedBy }, call);
	const warnings = [
		...(isCertain ? [] : [regionWarning(bucket, connection.region)]),
		...temporaryKeysWarning(connection),
	];
	return new SigV4LinkSigner(s3, context.sdk, terms, life, warnings);
}

/** The time that links may live with the keys that there are. */
async function lifeOf(
	{ identity }: Connection,
	{ sessions, clockOffset }: LinkContext,
	permitted: Pick<Life, 'seconds' | 'cappedBy'>,
	{ signal, retryFor }: Call,
): Promise<Life> {
	const session = await sessions?.({ signal, retryFor, life: permitted.seconds * 1000 });
	const now = Date.now();
	// Signatures have whole seconds.
	const signingDate = new Date(Math.floor((now + clockOffset()) / 1000) * 1000);
	if (session === undefined) {
		return { ...permitted, signingDate, keys: identity as AccessKeysIdentity };
	}
	const left = secondsLeft(session, now);
	const life =
		left < permitted.seconds ? { seconds: left, cappedBy: 'session' as const } : permitted;
	return { ...life, signingDate, keys: session };
}

const secondsLeft = ({ expiration }: Session, now: number): number =>
	Math.max(1, Math.floor((expiration.getTime() - now) / 1000));

/** Signs with Signature Version 4. */
class SigV4LinkSigner implements LinkSigner {
	readonly expiresAt: Date;
	readonly cappedBy: LinkCap | undefined;
	private readonly endpoint: string | undefined;

	constructor(
		private readonly s3: Pick<OpenS3, 'connection' | 'build'>,
		private readonly sdk: Sdk,
		private readonly terms: LinkTerms,
		private readonly life: Life,
		readonly warnings: readonly string[],
	) {
		this.endpoint = publicEndpointOf(s3.connection, terms);
		const { addressingStyle } = s3.connection;
		const { endpoint } = this;
		checkBucketInEndpoint({ endpoint, addressingStyle }, terms.bucket, 'the Public Endpoint');
		this.cappedBy = life.cappedBy;
		this.expiresAt = new Date(life.signingDate.getTime() + life.seconds * 1000);
	}

	async build<Name extends keyof Calls>(
		name: Name,
		input: Calls[Name]['input'],
	): Promise<BuiltRequest> {
		return await this.s3.build(name, input, this.endpoint);
	}

	async presign(request: BuiltRequest): Promise<PresignedRequest> {
		const { headers, protocol, hostname, port, method, path, query } = request;
		const host = port === undefined ? hostname : `${hostname}:${port}`;
		const names = Object.keys(headers).filter((name) => name !== PAYER);
		const signed = await this.signerOf(request).presign(
			{
				method,
				protocol,
				hostname,
				path,
				query,
				// What is uploaded is not known yet.
				headers: { ...headers, host, 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' },
			},
			{
				signingDate: this.life.signingDate,
				expiresIn: this.life.seconds,
				unhoistableHeaders: new Set(names),
				signableHeaders: new Set(names),
			},
		);
		const parameters = this.sdk.buildQueryString(signed.query ?? {});
		return {
			url: `${protocol}//${host}${path}?${parameters}`,
			headers: Object.fromEntries(names.map((name) => [name, headers[name] ?? ''])),
		};
	}

	async signForm(
		request: BuiltRequest,
		conditions: readonly PolicyCondition[],
	): Promise<Record<string, string>> {
		const { keys, signingDate } = this.life;
		const date = signingDate.toISOString().replace(/[:-]|\.\d+/g, '');
		const { service = '', region = '' } = request.signing;
		const { accessKeyId, sessionToken } = keys;
		const signer = this.signerOf(request);
		const fields = {
			'x-amz-algorithm': 'AWS4-HMAC-SHA256',
			'x-amz-credential': `${accessKeyId}/${date.slice(0, 8)}/${region}/${service}/aws4_request`,
			'x-amz-date': date,
			...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
		};
		const own = Object.entries(fields).map(([name, value]) => ({ [name]: value }));
		const expiration = this.expiresAt.toISOString();
		const document = JSON.stringify({ expiration, conditions: [...conditions, ...own] });
		const policy = Buffer.from(document).toString('base64');
		const signature = await signer.sign(policy, { signingDate });
		return { ...fields, policy, 'x-amz-signature': signature };
	}

	private signerOf({ signing: { scheme, service, region } }: BuiltRequest): Signer {
		if (scheme !== 'sigv4' || service === undefined || region === undefined) {
			throw otherSignature(this.terms);
		}
		return signerFor(this.sdk, this.life.keys, { service, region, uriEscapePath: false });
	}
}

/** Where those who use a link reach the server. @throws S3Failure for one that the connection does not allow */
function publicEndpointOf(
	connection: Connection,
	{ publicEndpoint: entered }: LinkTerms,
): string | undefined {
	if (entered === undefined) return connection.publicEndpoint;
	const endpoint = endpointUrl(entered, 'Public Endpoint', 'node');
	checkPublicEndpoint(connection, endpoint);
	return endpoint;
}

function refuseHttpBasic({ identity }: Connection, { bucket, key }: LinkTerms): void {
	if (identity.kind !== 'httpBasic') return;
	throw S3Failure.invalid(
		`A link to ${nameOf(bucket, key)} cannot be signed: the credential has the Scheme HTTP Basic`,
		'Links need access keys. Choose Signature Version 4 as Scheme in the credential, if the server takes it.',
		{ bucket, key },
	);
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html */
function otherSignature({ bucket, key }: LinkTerms): S3Failure {
	return S3Failure.invalid(
		`A link to ${nameOf(bucket, key)} cannot be signed: its bucket does not take Signature Version 4`,
		'Links are for buckets and access points of one region, not for directory buckets or multi-region access points.',
		{ bucket, key },
	);
}

function regionWarning(bucket: string, region: string): string {
	return `Amazon S3 did not say in which region bucket “${bucket}” is. Links to it are signed for ${region} and fail if that is not its region: choose the bucket’s region in the credential.`;
}

function temporaryKeysWarning({ identity }: Connection): string[] {
	if (identity.kind !== 'accessKeys' || identity.sessionToken === undefined) return [];
	return [
		'The keys of the credential are temporary. Links end with them, also before “expiresAt”.',
	];
}
