import { Readable } from 'node:stream';
import { MiB } from '../bytes';
import type { Call } from '../Call';
import { CALLS } from '../calls/calls';
import type { Connection, HttpBasicIdentity } from '../Connection';
import { clockWarning, TOLERATED_SKEW } from '../errors/clockSkew';
import { withCredentialMistake } from '../errors/credentialHints';
import { isSessionRefused } from '../errors/errorCodes';
import { cancelled, failureFrom } from '../errors/failureFrom';
import type { Attempt } from '../errors/failureFrom';
import type { Agents } from '../http/Agents';
import { CONNECT_TIMEOUT, IDLE_TIMEOUT, KEEP_ALIVE } from '../http/agentsFor';
import { PacedHttpHandler } from '../http/PacedHttpHandler';
import type { HttpOptions } from '../http/PacedHttpHandler';
import { RangeConnectionPool } from '../http/range/RangeConnectionPool';
import { readBody } from '../http/readBody';
import { forgetSession, identityFor } from '../identity/identityFor';
import type { SessionProvider } from '../identity/identityFor';
import type { Session } from '../identity/Session';
import { keysOf } from '../identity/signer';
import { LruMap } from '../LruMap';
import { MemoryBudget } from '../memory/MemoryBudget';
import { partitionOf } from '../partitions';
import { BODY_TIMEOUT } from '../retry/bodyChunks';
import { RequestRate } from '../retry/RequestRate';
import { delayAfterFailure, retry } from '../retry/retry';
import { RetryBudget } from '../RetryBudget';
import { S3Failure } from '../S3Failure';
import type { Calls, Command, S3Client, S3ClientConfig } from '../sdk';
import { adaptClient } from './adaptClient';
import { authorize } from './authorize';
import { MAX_LISTING } from './boundedBodies';
import { BucketRegions, regionNamedBy, wrongRegion } from './bucketRegion';
import { isStream, mayRepeat, sentInVain } from './mayRepeat';
import { openLinkSigner } from './LinkSigner';
import { buildOnly } from './middleware';
import { correctionOf } from './plausibleClock';
import type { BuiltRequest, LinkSigner, LinkTerms, OpenS3, SendOptions } from './S3';
import { basicAuth, sdkConfig } from './sdkConfig';

type Sdk = typeof import('../sdk');

interface RegionalClient {
	/** In `clients`. */
	readonly id: string;
	readonly sdk: S3Client;
	readonly region: string;
}

const MAX_REGIONS = 64;
/** Bytes that uploads, and as many that downloads, may hold in buffers. */
const PART_MEMORY = 96 * MiB;
const TIMEOUTS = {
	connect: CONNECT_TIMEOUT,
	response: IDLE_TIMEOUT,
	body: BODY_TIMEOUT,
	unused: KEEP_ALIVE,
};

/** Sends calls through the AWS SDK, one client of it for each region. */
export class SdkClient implements OpenS3 {
	readonly writeMemory = new MemoryBudget(PART_MEMORY);
	readonly readMemory = new MemoryBudget(PART_MEMORY);
	/** By region and endpoint. A server may name any number of them. */
	private clients = new LruMap<string, S3Client>(MAX_REGIONS);
	private readonly regions: BucketRegions;
	private lastUsed: S3Client | undefined;
	/** The one whose keys are in use. */
	private session: Session | undefined;
	private readonly sessions: SessionProvider | undefined;
	private readonly rate = new RequestRate();
	private readonly requestHandler: PacedHttpHandler;

	constructor(
		readonly connection: Connection,
		private readonly sdk: Sdk,
		private readonly agents: Agents,
	) {
		this.requestHandler = httpHandler(sdk, agents, this.rate);
		this.regions = new BucketRegions(connection);
		const { identity } = connection;
		if (identity.kind !== 'accessKeys' && identity.kind !== 'httpBasic') {
			this.sessions = identityFor(identity, { ...connection, agents });
		}
	}

	async send<Name extends keyof Calls>(
		name: Name,
		input: Calls[Name]['input'],
		options: SendOptions,
	): Promise<Calls[Name]['output']> {
		authorize(this.connection, name, input);
		const attempt = this.attemptOf(name, input);
		const { retryFor, budget = RetryBudget.ofCall(retryFor) } = options;
		const redirect = { isMade: false };
		const work = (attempts: number) =>
			this.sendToBucket(name, input, { ...options, budget, redirect }, { ...attempt, attempts });
		const delayAfter = delayAfterFailure(mayRepeat(name, input), { budget });
		const output = await retry(work, delayAfter, options.signal);
		// The bytes of an object come later: who reads them says when they do.
		if (name !== 'GetObject') budget.onSuccess();
		return output;
	}

	async build<Name extends keyof Calls>(
		name: Name,
		input: Calls[Name]['input'],
		endpoint?: string,
	): Promise<BuiltRequest> {
		authorize(this.connection, name, input);
		const attempt = this.attemptOf(name, input);
		const command = this.commandOf(name, input);
		buildOnly(command);
		try {
			const { sdk } = this.clientFor(attempt.bucket, endpoint);
			const built: unknown = await sdk.send(command);
			return (built as { request: BuiltRequest }).request;
		} catch (error) {
			throw this.failureOf(error, attempt);
		}
	}

	async signerFor(terms: LinkTerms, call: Call): Promise<LinkSigner> {
		const { sdk, sessions, regions } = this;
		const { bucket } = terms;
		const ask = async () => await this.send('HeadBucket', { Bucket: bucket }, call);
		const context = {
			sdk,
			sessions,
			clockOffset: () => this.lastUsed?.config.systemClockOffset ?? 0,
			isRegionCertain: async () => await regions.isCertain(bucket, ask),
		};
		return await openLinkSigner(this, context, terms, call);
	}

	/** Sends a request to the region of its bucket, which the server may have to name first. */
	private async sendToBucket<Name extends keyof Calls>(
		name: Name,
		input: Calls[Name]['input'],
		options: SendOptions & { redirect: { isMade: boolean } },
		attempt: Attempt,
	): Promise<Calls[Name]['output']> {
		const { redirect } = options;
		for (;;) {
			if (options.signal?.aborted === true) throw cancelled(attempt);
			const client = this.clientFor(attempt.bucket);
			this.lastUsed = client.sdk;
			const sent = { ...attempt, isClockCorrected: correctionOf(client.sdk) };
			try {
				const output = await this.sendOnce(client.sdk, name, input, options);
				output.$metadata.attempts = attempt.attempts;
				return output;
			} catch (error) {
				const region = regionNamedBy(error, name);
				const isElsewhere = region !== undefined && region !== client.region;
				// A server that sends requests round in circles is asked in one other region only.
				if (isElsewhere && !redirect.isMade)
					this.learnRegion(attempt, region, client.region, error);
				else if (!this.hasNewSession(error, attempt, client)) throw this.failureOf(error, sent);
				redirect.isMade ||= isElsewhere;
				if (isStream(input)) throw sentInVain(attempt, isElsewhere ? region : undefined);
			}
		}
	}

	private async sendOnce<Name extends keyof Calls>(
		client: S3Client,
		name: Name,
		input: Calls[Name]['input'],
		{ signal, body, budget }: SendOptions,
	): Promise<Calls[Name]['output']> {
		// The SDK asks for it as well, and knows nothing of this call.
		await this.sessions?.({ signal, retryFor: budget?.ms });
		const options: HttpOptions = { ...(signal && { abortSignal: signal }), ...(body && { body }) };
		const output: unknown = await client.send(this.commandOf(name, input), options);
		return output as Calls[Name]['output'];
	}

	private commandOf<Name extends keyof Calls>(name: Name, input: Calls[Name]['input']): Command {
		// One table entry fits one input; the compiler cannot follow that through the generic name.
		const Made = this.sdk.commands[name] as unknown as new (input: unknown) => Command;
		return new Made(input);
	}

	/**
	 * Takes the region that the server names for a bucket.
	 * @throws S3Failure for a call about no bucket: there a wrong region is a mistake in the credential
	 */
	private learnRegion(attempt: Attempt, right: string, asked: string, error: unknown): void {
		const { bucket } = attempt;
		if (bucket === undefined) throw wrongRegion(failureFrom(error, attempt), asked, right);
		this.regions.learn(bucket, right);
	}

	/** Lets go of a session that the server refuses before its end; returns whether there is another to try. */
	private hasNewSession(error: unknown, attempt: Attempt, client: RegionalClient): boolean {
		const { session, connection } = this;
		const { identity } = connection;
		if (session === undefined || identity.kind === 'accessKeys' || identity.kind === 'httpBasic') {
			return false;
		}
		// An S3Failure comes from the service that lends sessions, not from S3.
		if (error instanceof S3Failure || !isSessionRefused(failureFrom(error, attempt).code))
			return false;
		// Others that were refused with the same client have done it already.
		if (this.clients.get(client.id) !== client.sdk) return true;
		if (!forgetSession(identity, connection, session)) return false;
		// Each client of the SDK keeps the session it has.
		this.clients = new LruMap(MAX_REGIONS);
		return true;
	}

	private failureOf(error: unknown, attempt: Attempt): S3Failure {
		if (error instanceof S3Failure) return error;
		return withCredentialMistake(failureFrom(error, attempt), this.connection.identity, attempt);
	}

	regionFoundFor(bucket: string | undefined): string | undefined {
		const region = this.regions.of(bucket);
		return region === this.connection.region ? undefined : region;
	}

	isUnderPressure(): boolean {
		return this.rate.isThrottled() || this.readMemory.isShort() || this.writeMemory.isShort();
	}

	clockWarning(): string | undefined {
		const offset = this.lastUsed?.config.systemClockOffset ?? 0;
		const ofServer = Math.abs(offset) < TOLERATED_SKEW ? undefined : clockWarning(offset);
		return this.session?.clockWarning ?? ofServer;
	}

	private attemptOf<Name extends keyof Calls>(name: Name, input: Calls[Name]['input']): Attempt {
		const { phrase, changes, permissions, touches } = CALLS[name];
		const [target = { bucket: undefined }] = touches(input);
		const { VersionId: versionId, SSECustomerKey: key, ACL: acl } = input as Record<string, string>;
		const about = { permissions: () => permissions(input), ...target, versionId, acl };
		const ownKey = key === undefined ? undefined : changes ? 'toStore' : 'toRead';
		return { operation: name, phrase, ...about, ownKey, ...this.wayToServer() };
	}

	private wayToServer(): Pick<Attempt, 'server' | 'proxy' | 'partition'> {
		const { endpoint, region } = this.connection;
		const { id, dnsSuffix = 'amazonaws.com' } = partitionOf(region) ?? {};
		const url = endpoint ?? `https://s3.${region}.${dnsSuffix}`;
		return {
			server: endpoint ?? `Amazon S3 in ${region}`,
			proxy: this.agents.proxyTo?.(url),
			partition: id,
		};
	}

	private clientFor(
		bucket: string | undefined,
		endpoint = this.connection.endpoint,
	): RegionalClient {
		const region = this.regions.of(bucket);
		const id = `${region} ${endpoint ?? ''}`;
		const sdk = this.clients.get(id) ?? this.newClient(region, endpoint);
		this.clients.set(id, sdk);
		return { id, sdk, region };
	}

	private newClient(region: string, endpoint: string | undefined): S3Client {
		const client = new this.sdk.S3Client({
			...sdkConfig({ ...this.connection, endpoint }),
			...this.identity(),
			region,
			requestHandler: this.requestHandler,
			streamCollector: (body: Readable) => readBody(body, MAX_LISTING),
		});
		adaptClient(client, { endpoint, region }, this.agents.proxySecrets ?? []);
		return client;
	}

	/** How requests are signed: with fixed keys, with keys that are lent for a while, or not at all. */
	private identity(): Pick<S3ClientConfig, 'credentials' | 'signer'> {
		const { sessions, connection } = this;
		const { identity } = connection;
		if (sessions !== undefined)
			return { credentials: async () => (this.session = await sessions()) };
		return identity.kind === 'accessKeys'
			? { credentials: keysOf(identity) }
			: basicAuth(identity as HttpBasicIdentity);
	}
}

/** All requests of a connection, of every region, go through one handler. */
function httpHandler(sdk: Sdk, agents: Agents, rate: RequestRate): PacedHttpHandler {
	const { openSocketTo = () => undefined, proxyRefusal, httpAgent, httpsAgent } = agents;
	const { buildQueryString, HttpResponse, NodeHttpHandler } = sdk;
	return new PacedHttpHandler({
		handler: new NodeHttpHandler({
			httpAgent,
			httpsAgent,
			connectionTimeout: CONNECT_TIMEOUT,
			socketTimeout: IDLE_TIMEOUT,
		}),
		emptyResponse: (head) => ({ response: new HttpResponse({ ...head, body: Readable.from([]) }) }),
		rate,
		ranges: new RangeConnectionPool(openSocketTo, TIMEOUTS, buildQueryString),
		proxyRefusal,
	});
}
