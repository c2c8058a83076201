import { randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { respond } from '../faults';
import type { Fault, Outgoing } from '../faults';
import { listen } from '../listen';
import type { Account, TrustAnchor } from './account';
import { readAuthorization } from './authorization';
import type { Authorization } from './authorization';
import { checkValidity, pathOf } from './certificatePath';
import { checkEndEntity } from './endEntity';
import { secondsAllowed } from './permission';
import { readPresented } from './presented';
import type { Presented } from './presented';
import { receive } from './received';
import type { Received } from './received';
import { denied, Refusal } from './Refusal';
import { checkRevocation } from './revocation';
import { checkOperation, readSessionRequest } from './sessionRequest';
import type { SessionRequest } from './sessionRequest';
import { verifySignature } from './signature';

/** Access keys that were lent, as an S3 server has to know them. */
interface Lent {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken: string;
	readonly expires: Date;
	readonly roleArn: string;
}

export interface RolesAnywhereOptions {
	readonly account: Account;
	/** Told of every session that is granted. */
	readonly onSession?: (lent: Lent) => void;
	/** Milliseconds since 1970 by the service's clock. */
	readonly clock?: () => number;
	/** Key and certificate, for TLS. */
	readonly tls?: { readonly key: string; readonly cert: string };
}

/** What happened to one request. */
interface Handled {
	readonly status: number;
	/** True reason of a refusal. */
	readonly reason: string | undefined;
	readonly headers: Readonly<Record<string, string>>;
	readonly request: Partial<SessionRequest>;
	/** Requests that were under way at its begin, itself included. */
	readonly concurrency: number;
}

export interface RolesAnywhereServer {
	readonly endpoint: string;
	readonly account: Account;
	readonly handled: readonly Handled[];
	readonly lent: readonly Lent[];
	/** For the next requests, one each. */
	readonly faults: Fault[];
	readonly requestCount: number;
	readonly maxInflight: number;
	stop(): Promise<void>;
}

/** Bytes; certificates of ML-DSA are large. */
const MAX_HEADERS = 64 * 1024;

/** Starts a service that grants sessions as strictly as IAM Roles Anywhere, on loopback. */
export async function startRolesAnywhere(
	options: RolesAnywhereOptions,
): Promise<RolesAnywhereServer> {
	const service = new Service(options);
	const handle = (request: IncomingMessage, response: ServerResponse) =>
		service.handle(request, response);
	return Object.assign(service, await listen(handle, options.tls, { maxHeaderSize: MAX_HEADERS }));
}

class Service implements RolesAnywhereServer {
	endpoint = '';
	stop: () => Promise<void> = () => Promise.resolve();
	readonly account: Account;
	readonly handled: Handled[] = [];
	readonly lent: Lent[] = [];
	readonly faults: Fault[] = [];
	requestCount = 0;
	maxInflight = 0;
	private inflight = 0;
	private recent: number[] = [];
	private readonly clock: () => number;

	constructor(private readonly options: RolesAnywhereOptions) {
		this.account = options.account;
		this.clock = options.clock ?? Date.now;
	}

	async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
		const concurrency = (this.inflight += 1);
		this.requestCount += 1;
		this.maxInflight = Math.max(this.maxInflight, concurrency);
		const fault = this.faults.shift();
		try {
			const received = await receive(message);
			await respond(response, this.responseTo(received, concurrency, fault), fault);
		} finally {
			this.inflight -= 1;
		}
	}

	private responseTo(received: Received, concurrency: number, fault: Fault | undefined): Outgoing {
		const { headers } = received;
		const asked: { request?: SessionRequest } = {};
		const note = (status: number, reason?: string) =>
			this.handled.push({ status, reason, headers, request: asked.request ?? {}, concurrency });
		try {
			checkOperation(received);
			const authorization = readAuthorization(received);
			asked.request = readSessionRequest(received);
			// A fault's response in place of the service's grants nothing.
			const replaced = fault?.status !== undefined || fault?.reset === true;
			const body = replaced ? '' : this.grant(received, authorization, asked.request);
			note(fault?.status ?? 201);
			return this.outgoing(201, {}, body);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			const { status, code, message, reason } = error;
			note(status, reason);
			return this.outgoing(status, { 'x-amzn-errortype': code }, JSON.stringify({ message }));
		}
	}

	private outgoing(status: number, headers: Record<string, string>, body: string): Outgoing {
		const common = {
			'content-type': 'application/json',
			'x-amzn-requestid': randomUUID(),
			date: new Date(this.clock()).toUTCString(),
		};
		return { status, headers: { ...common, ...headers }, body };
	}

	private grant(received: Received, authorization: Authorization, request: SessionRequest): string {
		this.countRate();
		const { account } = this;
		const presented = readPresented(received);
		verifySignature(received, authorization, presented.leaf, account, this.clock());
		this.checkTrust(presented, request);
		const seconds = secondsAllowed(request, account);
		const life = account.lifetime ?? seconds;
		const lent: Lent = {
			accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
			secretAccessKey: randomBytes(30).toString('base64'),
			sessionToken: randomBytes(96).toString('base64'),
			// In whole seconds, as in the response.
			expires: new Date(Math.floor((this.clock() + life * 1000) / 1000) * 1000),
			roleArn: request.roleArn,
		};
		this.lent.push(lent);
		this.options.onSession?.(lent);
		return responseBody(lent, presented.leaf, request);
	}

	private countRate(): void {
		const now = this.clock();
		this.recent = [...this.recent.filter((time) => time > now - 1000), now];
		if (this.recent.length <= this.account.requestsPerSecond) return;
		throw new Refusal(429, 'ThrottlingException', 'Rate exceeded', 'too many in a second');
	}

	private checkTrust(presented: Presented, { trustAnchorArn }: SessionRequest): void {
		const { account } = this;
		const now = this.clock();
		const anchor = anchorIn(account, trustAnchorArn);
		checkEndEntity(presented.leaf, account);
		checkValidity(presented.leaf, now);
		const { chainOrder } = account;
		const path = pathOf(presented, new X509Certificate(anchor.certificate), { chainOrder, now });
		checkRevocation(path, anchor.revocationLists);
	}
}

function anchorIn({ anchors, region }: Account, wanted: string): TrustAnchor {
	const anchor = anchors.find(({ arn }) => arn === wanted);
	if (anchor === undefined) {
		const message = "Specified Trust Anchor wasn't found.";
		throw new Refusal(404, 'ResourceNotFoundException', message, message);
	}
	if (!anchor.enabled) throw denied('Specified Trust Anchor is disabled.');
	if (anchor.arn.split(':')[3] === region) return anchor;
	throw denied("Specified Trust Anchor wasn't found.", 'the trust anchor is of another region');
}

function responseBody(lent: Lent, leaf: X509Certificate, request: SessionRequest): string {
	const { accessKeyId, secretAccessKey, sessionToken, expires, roleArn } = lent;
	const serial = leaf.serialNumber.toLowerCase();
	const name = request.roleSessionName ?? serial;
	const role = roleArn.split('/').at(-1) ?? '';
	const account = roleArn.split(':')[4] ?? '';
	return JSON.stringify({
		credentialSet: [
			{
				assumedRoleUser: {
					arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
					assumedRoleId: `AROAEXAMPLE:${name}`,
				},
				credentials: {
					accessKeyId,
					expiration: expires.toISOString().replace('.000', ''),
					secretAccessKey,
					sessionToken,
				},
				packedPolicySize: 10,
				roleArn,
				sourceIdentity: leaf.subject.replace(/^.*CN=/s, 'CN='),
			},
		],
		subjectArn: `arn:aws:rolesanywhere:eu-central-1:${account}:subject/${serial}`,
	});
}
