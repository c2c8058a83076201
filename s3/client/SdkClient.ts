import { Readable } from 'node:stream';
import type { Connection } from '../Connection';
import { clockWarning, TOLERATED_SKEW } from '../errors/clockSkew';
import { withCredentialMistake } from '../errors/credentialHints';
import { explanationOf } from '../errors/errorCodes';
import { cancelled, failureFrom, nameOf } from '../errors/failureFrom';
import type { Attempt } from '../errors/failureFrom';
import type { Agents } from '../http/Agents';
import { CONNECT_TIMEOUT, IDLE_TIMEOUT, KEEP_ALIVE } from '../http/agentsFor';
import { PacedHttpHandler, readBody } from '../http/PacedHttpHandler';
import type { HttpOptions } from '../http/PacedHttpHandler';
import { RangeConnectionPool } from '../http/range/RangeConnectionPool';
import { forgetSession, identityFor } from '../identity/identityFor';
import type { Session } from '../identity/Session';
import { MemoryBudget } from '../memory/MemoryBudget';
import { partitionOf } from '../partitions';
import { checkBucket, checkKey } from '../policy/bucketAndKey';
import { checkAcl, checkBucketOnly } from '../policy/privacy';
import { RequestRate } from '../retry/RequestRate';
import { S3Failure } from '../S3Failure';
import type { Calls, S3Client, S3ClientConfig } from '../sdk';
import { elsewhere, regionNamedBy } from './bucketRegion';
import { checksumMode, rawListings, unsignedPayload } from './middleware';
import type { OpenS3, SendOptions } from './S3';
import { basicAuth, keysOf, sdkConfig } from './sdkConfig';

type Sdk = typeof import('../sdk');

/** Bytes that uploads, and as many that downloads, may hold in buffers. */
const PART_MEMORY = 96 * 1024 * 1024;
const TIMEOUTS = { connect: CONNECT_TIMEOUT, response: IDLE_TIMEOUT, unused: KEEP_ALIVE };

/** Sends calls through the AWS SDK, one client of it for each region. */
export class SdkClient implements OpenS3 {
	readonly writeMemory = new MemoryBudget(PART_MEMORY);
	readonly readMemory = new MemoryBudget(PART_MEMORY);
	private readonly clients = new Map<string, S3Client>();
	private readonly regions = new Map<string, string>();
	private lastUsed: S3Client | undefined;
	/** The one whose keys are in use. */
	private session: Session | undefined;
	private readonly requestHandler: PacedHttpHandler;

	constructor(
		readonly connection: Connection,
		private readonly sdk: Sdk,
		private readonly agents: Agents,
	) {
		this.requestHandler = httpHandler(sdk, agents);
	}

	async send<Name extends keyof Calls>(
		name: Name,
		input: Calls[Name]['input'],
		options: SendOptions,
	): Promise<Calls[Name]['output']> {
		const { signal } = options;
		const {
			Bucket: bucket,
			Key: key,
			Body: body,
			ACL: acl,
		} = input as {
			Bucket?: string;
			Key?: string;
			Body?: unknown;
			ACL?: string;
		};
		const attempt = { operation: name, bucket, key, ...this.wayToServer() };
		this.check(attempt, acl);
		if (signal?.aborted === true) throw cancelled(attempt);
		const region = this.regionOf(bucket);
		const client = this.clientIn(region);
		this.lastUsed = client;
		try {
			return await this.sendOnce(client, name, input, options);
		} catch (error) {
			const right = regionNamedBy(error);
			if (right !== undefined && right !== region) {
				if (bucket === undefined) throw elsewhere(failureFrom(error, attempt), region, right);
				this.regions.set(bucket, right);
				if (isStream(body)) throw sentInVain(attempt, `it is in region ${right}`);
				return this.send(name, input, options);
			}
			const failure = failureFrom(error, attempt);
			if (!isSessionRefused(failure) || !this.renewSession(client, region)) {
				throw withCredentialMistake(failure, this.connection.identity, attempt);
			}
			if (isStream(body)) throw sentInVain(attempt, 'the server refused the session early');
			return this.send(name, input, options);
		}
	}

	private async sendOnce<Name extends keyof Calls>(
		client: S3Client,
		name: Name,
		input: Calls[Name]['input'],
		{ signal, body }: SendOptions,
	): Promise<Calls[Name]['output']> {
		// One table entry fits one input; the compiler cannot follow that through the generic name.
		const Command = this.sdk.commands[name] as unknown as new (
			input: Calls[Name]['input'],
		) => InstanceType<Sdk['commands']['GetObject']>;
		const options: HttpOptions = { ...(signal && { abortSignal: signal }), ...(body && { body }) };
		const output: unknown = await client.send(new Command(input), options);
		return output as Calls[Name]['output'];
	}

	/** Lets go of a session that the server refuses before its end; returns whether there is another to try. */
	private renewSession(client: S3Client, region: string): boolean {
		const { session, connection } = this;
		const { identity } = connection;
		if (session === undefined || identity.kind === 'accessKeys' || identity.kind === 'httpBasic') {
			return false;
		}
		// Others that were refused with the same client have done it already.
		if (this.clients.get(region) !== client) return true;
		if (!forgetSession(identity, connection, session)) return false;
		// Each client of the SDK keeps the session it has.
		this.clients.clear();
		return true;
	}

	regionFoundFor(bucket: string | undefined): string | undefined {
		const region = this.regionOf(bucket);
		return region === this.connection.region ? undefined : region;
	}

	clockWarning(): string | undefined {
		const offset = this.lastUsed?.config.systemClockOffset ?? 0;
		const ofServer = Math.abs(offset) < TOLERATED_SKEW ? undefined : clockWarning(offset);
		return this.session?.clockWarning ?? ofServer;
	}

	/** Refuses before any request what is wrong or what the connection's owner forbids. */
	private check(attempt: Attempt, acl: string | undefined): void {
		const { operation, bucket, key } = attempt;
		if (operation !== 'ListBuckets') checkBucket(bucket);
		if (key !== undefined) checkKey(key, bucket);
		checkBucketOnly(this.connection, attempt);
		checkAcl(this.connection, acl, attempt);
	}

	private regionOf(bucket: string | undefined): string {
		return (bucket === undefined ? undefined : this.regions.get(bucket)) ?? this.connection.region;
	}

	private wayToServer(): Pick<Attempt, 'server' | 'proxy'> {
		const { endpoint, region } = this.connection;
		const { dnsSuffix = 'amazonaws.com' } = partitionOf(region) ?? {};
		const url = endpoint ?? `https://s3.${region}.${dnsSuffix}`;
		return {
			server: endpoint ?? `Amazon S3 in ${region}`,
			proxy: this.agents.proxyTo?.(url),
		};
	}

	private clientIn(region: string): S3Client {
		const known = this.clients.get(region);
		if (known !== undefined) return known;
		const client = new this.sdk.S3Client({
			...sdkConfig(this.connection),
			...this.identity(),
			region,
			requestHandler: this.requestHandler,
			streamCollector: readBody,
		});
		unsignedPayload(client);
		rawListings(client);
		checksumMode(client);
		this.clients.set(region, client);
		return client;
	}

	/** How requests are signed: with fixed keys, with keys that are lent for a while, or not at all. */
	private identity(): Pick<S3ClientConfig, 'credentials' | 'signer'> {
		const { identity, region } = this.connection;
		if (identity.kind === 'accessKeys') return { credentials: keysOf(identity) };
		if (identity.kind === 'httpBasic') return basicAuth(identity);
		const sessions = identityFor(identity, { region, agents: this.agents });
		return { credentials: async () => (this.session = await sessions()) };
	}
}

/** All requests of a connection, of every region, go through one handler. */
function httpHandler(sdk: Sdk, agents: Agents): PacedHttpHandler {
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
		rate: new RequestRate(),
		ranges: new RangeConnectionPool(openSocketTo, TIMEOUTS, buildQueryString),
		proxyRefusal,
	});
}

const isStream = (body: unknown): boolean =>
	typeof body === 'object' && body !== null && 'pipe' in body;

/** As AWS refuses a session that has ended, and other servers one that they have lost. */
const SESSION_REFUSED = ['ExpiredToken', 'InvalidToken', 'InvalidAccessKeyId'].map(explanationOf);

const isSessionRefused = ({ code }: S3Failure): boolean =>
	code !== undefined && SESSION_REFUSED.includes(explanationOf(code));

/** The next attempt, with a stream of its own, will do better. */
function sentInVain({ operation, bucket, key }: Attempt, why: string): S3Failure {
	return new S3Failure({
		kind: 'rejected',
		message: `Could not send to ${nameOf(bucket, key)}: ${why}`,
		advice: 'Run it again.',
		retryable: true,
		operation,
		bucket,
		key,
	});
}
