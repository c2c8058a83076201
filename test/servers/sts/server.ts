import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { respond } from '../faults';
import type { Fault, Outgoing } from '../faults';
import { listen } from '../listen';

/** A user whose keys STS knows. */
interface StsUser {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken?: string;
}

interface StsRole {
	readonly arn: string;
	/** Asked for by the trust policy. */
	readonly externalId?: string;
	/** The subject of a web identity that the trust policy names. */
	readonly subject?: string;
	/** Seconds. */
	readonly maxSessionDuration: number;
}

/** Access keys that were lent, as an S3 server has to know them. */
interface LentByRole {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken: string;
	readonly expires: Date;
	readonly roleArn: string;
}

export interface StsOptions {
	readonly region: string;
	readonly users: readonly StsUser[];
	readonly roles: readonly StsRole[];
	readonly onSession?: (lent: LentByRole) => void;
	/** Milliseconds since 1970 by the service's clock. */
	readonly clock?: () => number;
	/** Seconds that sessions live, whatever was asked for. */
	readonly lifetime?: number;
	/** Subjects of web identities by their tokens. */
	readonly webIdentities?: ReadonlyMap<string, string>;
	/** Key and certificate, for TLS. */
	readonly tls?: { readonly key: string; readonly cert: string };
}

export interface StsServer {
	readonly endpoint: string;
	/** Parameters of the requests. */
	readonly requests: ReadonlyArray<Readonly<Record<string, string>>>;
	/** Host and path that the requests were sent to, as they say. */
	readonly addresses: readonly string[];
	readonly lent: readonly LentByRole[];
	/** For the next requests, one each. */
	readonly faults: Fault[];
	readonly maxInflight: number;
	stop(): Promise<void>;
}

class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
	) {
		super(message);
	}
}

/**
 * Starts an STS on loopback that knows AssumeRole, AssumeRoleWithWebIdentity and GetCallerIdentity, and verifies
 * signatures.
 */
export async function startSts(options: StsOptions): Promise<StsServer> {
	const service = new Sts(options);
	const handle = (request: IncomingMessage, response: ServerResponse) =>
		service.handle(request, response);
	return Object.assign(service, await listen(handle, options.tls));
}

class Sts implements StsServer {
	endpoint = '';
	stop: () => Promise<void> = () => Promise.resolve();
	readonly requests: Array<Record<string, string>> = [];
	readonly addresses: string[] = [];
	readonly lent: LentByRole[] = [];
	readonly faults: Fault[] = [];
	maxInflight = 0;
	private inflight = 0;
	private readonly clock: () => number;

	constructor(private readonly options: StsOptions) {
		this.clock = options.clock ?? Date.now;
	}

	async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
		this.inflight += 1;
		this.maxInflight = Math.max(this.maxInflight, this.inflight);
		try {
			const body = (await buffer(message)).toString();
			await respond(response, this.responseTo(message, body), this.faults.shift());
		} finally {
			this.inflight -= 1;
		}
	}

	private responseTo(message: IncomingMessage, body: string): Outgoing {
		const headers = {
			'content-type': 'text/xml',
			date: new Date(this.clock()).toUTCString(),
		};
		const id = `<RequestId>${randomUUID()}</RequestId>`;
		try {
			const parameters = Object.fromEntries(new URLSearchParams(body));
			const isSigned = parameters.Action !== 'AssumeRoleWithWebIdentity';
			if (isSigned) this.verify(message, body);
			this.requests.push(parameters);
			this.addresses.push(`${message.headers.host ?? ''}${message.url ?? ''}`);
			const { Action: action = '' } = parameters;
			const xml =
				action === 'GetCallerIdentity'
					? '<Account>111122223333</Account>'
					: isSigned
						? this.assumeRole(parameters)
						: this.assumeRoleWithWebIdentity(parameters);
			return {
				status: 200,
				headers,
				body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${xml}</${action}Result><ResponseMetadata>${id}</ResponseMetadata></${action}Response>\n`,
			};
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			const { status, code, message: words } = error;
			const fault = `<Type>Sender</Type><Code>${code}</Code><Message>${escaped(words)}</Message>`;
			return {
				status,
				headers,
				body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>${fault}</Error>${id}</ErrorResponse>\n`,
			};
		}
	}

	private verify(message: IncomingMessage, body: string): void {
		const { headers, method = '', url = '' } = message;
		const match =
			/^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/sts\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
				headers.authorization ?? '',
			);
		const [, accessKeyId, day = '', region, signedHeaders = '', signature] = match ?? [];
		const user = this.options.users.find((known) => known.accessKeyId === accessKeyId);
		if (user === undefined || region !== this.options.region) {
			const words = 'The security token included in the request is invalid.';
			throw new Refusal(403, 'InvalidClientTokenId', words);
		}
		const date = String(headers['x-amz-date']);
		const canonical = [
			method,
			url,
			'',
			...signedHeaders.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
			'',
			signedHeaders,
			createHash('sha256').update(body).digest('hex'),
		].join('\n');
		const scope = `${day}/${region}/sts/aws4_request`;
		const hash = createHash('sha256').update(canonical).digest('hex');
		const key = ['sts', 'aws4_request'].reduce<Buffer>(
			hmac,
			hmac(hmac(`AWS4${user.secretAccessKey}`, day), region),
		);
		const right = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`).toString('hex');
		if (right !== signature || headers['x-amz-security-token'] !== user.sessionToken) {
			throw new Refusal(
				403,
				'SignatureDoesNotMatch',
				// AWS shows the canonical request, with a session token in it.
				`The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been '${canonical}'`,
			);
		}
		this.checkDate(date);
	}

	private checkDate(date: string): void {
		const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
		const off = Date.parse(iso) - this.clock();
		if (Math.abs(off) < 900_000) return;
		const words = off > 0 ? 'Signature not yet current' : 'Signature expired';
		throw new Refusal(403, 'SignatureDoesNotMatch', `${words}: ${date} is off`);
	}

	private assumeRole(parameters: Readonly<Record<string, string>>): string {
		const { Action, RoleArn = '', RoleSessionName = '', ExternalId, DurationSeconds } = parameters;
		if (Action !== 'AssumeRole' || parameters.Version !== '2011-06-15') {
			throw new Refusal(400, 'InvalidAction', `Could not find operation ${Action ?? ''}`);
		}
		const role = this.options.roles.find(({ arn }) => arn === RoleArn);
		if (role === undefined || role.externalId !== ExternalId) {
			const who = 'User: arn:aws:iam::111122223333:user/loader';
			const words = `${who} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`;
			throw new Refusal(403, 'AccessDenied', words);
		}
		const seconds = Number(DurationSeconds ?? 3600);
		if (seconds > role.maxSessionDuration) {
			const words =
				'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
			throw new Refusal(400, 'ValidationError', words);
		}
		return this.lend(RoleArn, RoleSessionName, seconds);
	}

	private assumeRoleWithWebIdentity(parameters: Readonly<Record<string, string>>): string {
		const { RoleArn = '', RoleSessionName = '', WebIdentityToken = '' } = parameters;
		const subject = this.options.webIdentities?.get(WebIdentityToken);
		if (subject === undefined) {
			const words = `Couldn't retrieve verification key from your identity provider for ${WebIdentityToken}`;
			throw new Refusal(400, 'InvalidIdentityToken', words);
		}
		const role = this.options.roles.find(({ arn }) => arn === RoleArn);
		if (role?.subject !== subject) {
			const words = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';
			throw new Refusal(403, 'AccessDenied', words);
		}
		return this.lend(RoleArn, RoleSessionName, 3600);
	}

	/** @param seconds that the session was asked for */
	private lend(RoleArn: string, RoleSessionName: string, seconds: number): string {
		const life = this.options.lifetime ?? seconds;
		const lent: LentByRole = {
			accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
			secretAccessKey: randomBytes(30).toString('base64'),
			sessionToken: randomBytes(96).toString('base64'),
			expires: new Date(Math.floor(this.clock() / 1000 + life) * 1000),
			roleArn: RoleArn,
		};
		this.lent.push(lent);
		this.options.onSession?.(lent);
		const { accessKeyId, secretAccessKey, sessionToken, expires } = lent;
		const arn = `${RoleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${RoleSessionName}`;
		return `<AssumedRoleUser><Arn>${escaped(arn)}</Arn></AssumedRoleUser><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${expires.toISOString().replace('.000', '')}</Expiration></Credentials>`;
	}
}

const hmac = (key: string | Buffer, data: string): Buffer =>
	createHmac('sha256', key).update(data).digest();

const escaped = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
