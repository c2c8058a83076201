import { createHash } from 'node:crypto';
import type { Agents } from '../http/Agents';
import { checkBucket, checkKey } from '../policy/bucketAndKey';
import { elsewhere, regionNamedBy } from './bucketRegion';
import { ByteBudget } from '../memory/MemoryBudget';
import { askForChecksums } from './checksumMode';
import { clockWarning, TOLERATED_SKEW } from '../errors/clockSkew';
import type { AccessKeysIdentity, Connection, HttpBasicIdentity } from '../Connection';
import { withCredentialMistake } from '../errors/credentialHints';
import { explanationOf } from '../errors/errorCodes';
import { cancelled, failureFrom, nameOf } from '../errors/failureFrom';
import type { Attempt } from '../errors/failureFrom';
import type { Destination } from '../memory/BodyBuffer';
import { DirectConnections } from '../http/range/RangeConnectionPool';
import { forgetSession, identityFor } from '../identity/identityFor';
import { partitionOf } from '../partitions';
import type { Session } from '../identity/Session';
import { MadeRequests } from './MadeRequests';
import { Pace } from '../retry/RequestRate';
import { checkAcl, checkBucketOnly } from '../policy/privacy';
import { proxyVariables } from '../http/proxy';
import { readBody } from '../http/readBody';
import { mostAttempts, retryStrategy } from './retryStrategy';
import { S3Failure } from '../S3Failure';
import type { Calls, S3Client, S3ClientConfig } from '../sdk';
import { agentsFor, CONNECT_TIMEOUT, IDLE_TIMEOUT, KEEP_ALIVE } from '../http/agentsFor';
import { leaveListingsUnread } from './rawListings';
import { leaveBodiesUnsigned } from './unsignedPayload';

/** What every call is told besides its request. */
export interface Call {
	/** Stops the call; required so that no caller forgets it. */
	signal: AbortSignal | undefined;
	/** Where the body of a part of an object (an answer with status 206) goes, instead of a stream. */
	destination?: Destination;
}

/** One connection, ready to be used; shared by everything in the process that uses the same settings. */
export interface S3 {
	readonly connection: Connection;
	/** Bytes that all uploads over this connection may hold in part buffers. */
	readonly partMemory: ByteBudget;
	/**
	 * Sends one call of the S3 API, in the bucket's own region, retried where that is safe.
	 * A body that is a stream is sent once; a failure with `retryable` may be tried with a new one.
	 * @throws S3Failure
	 */
	send<Name extends keyof Calls>(
		name: Name,
		input: Calls[Name]['input'],
		call: Call,
	): Promise<Calls[Name]['output']>;
}

/** A connection as it was opened, with what the answers so far have told about it. */
export interface OpenS3 extends S3 {
	/** Where the bucket is, if that is not the region of the connection. */
	regionFoundFor(bucket: string | undefined): string | undefined;
	/** A sentence for people where requests are signed with the server's time, because ours is wrong. */
	clockWarning(): string | undefined;
}

type Sdk = typeof import('../sdk');

/** Bytes; see `S3.partMemory`. */
const PART_MEMORY = 96 * 1024 * 1024;
/** Connections kept at once; the one unused for longest goes first. */
const MAX_CONNECTIONS = 64;
const TIMEOUTS = { connect: CONNECT_TIMEOUT, answer: IDLE_TIMEOUT, unused: KEEP_ALIVE };

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const opened = new Map<string, Promise<OpenS3>>();

/**
 * Gives the client for a connection. Equal settings get the same client, with its kept-alive
 * sockets and the bucket regions it has learned; changed settings get a new one at once. What the
 * environment says of proxies is one of them where the connection goes by it.
 */
export function openS3(connection: Connection): Promise<OpenS3> {
	const settings = [connection, proxyVariables(connection.proxy)];
	const id = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
	const known = opened.get(id);
	const s3 = known ?? newClient(connection);
	// What could not be opened (no file descriptor was left) may be opened the next time.
	s3.catch(() => opened.get(id) === s3 && opened.delete(id));
	// Deleting and setting again makes it the youngest.
	opened.delete(id);
	opened.set(id, s3);
	const [oldest] = opened.keys();
	// Its idle sockets close by themselves; what still runs on it finishes.
	if (opened.size > MAX_CONNECTIONS && oldest !== undefined) opened.delete(oldest);
	return s3;
}

async function newClient(connection: Connection): Promise<SdkS3> {
	const [sdk, agents] = await Promise.all([import('../sdk'), agentsFor(connection)]);
	return new SdkS3(connection, sdk, agents);
}

class SdkS3 implements OpenS3 {
	readonly partMemory = new ByteBudget(PART_MEMORY);
	private readonly clients = new Map<string, S3Client>();
	private readonly regions = new Map<string, string>();
	private lastUsed: S3Client | undefined;
	/** The one whose keys are in use. */
	private session: Session | undefined;
	private readonly requestHandler: InstanceType<Sdk['PacedHttpHandler']>;
	private readonly made = new MadeRequests();

	constructor(
		readonly connection: Connection,
		private readonly sdk: Sdk,
		private readonly agents: Agents,
	) {
		this.requestHandler = new sdk.PacedHttpHandler(
			{
				...this.agents,
				connectionTimeout: CONNECT_TIMEOUT,
				socketTimeout: IDLE_TIMEOUT,
			},
			new Pace(),
			agents.proxyRefusal ?? (() => undefined),
			new DirectConnections(agents.directTo ?? (() => undefined), TIMEOUTS),
		);
	}

	async send<Name extends keyof Calls>(
		name: Name,
		input: Calls[Name]['input'],
		call: Call,
	): Promise<Calls[Name]['output']> {
		const { signal } = call;
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
			return await this.sdk.sendCommand(client, name, input, { ...call, made: this.made });
		} catch (error) {
			const right = regionNamedBy(error);
			if (right !== undefined && right !== region) {
				if (bucket === undefined) throw elsewhere(failureFrom(error, attempt), region, right);
				this.regions.set(bucket, right);
				if (isStream(body)) throw sentInVain(attempt, `it is in region ${right}`);
				return this.send(name, input, call);
			}
			const failure = failureFrom(error, attempt);
			if (!isSessionRefused(failure) || !this.renewSession(client, region)) {
				throw withCredentialMistake(failure, this.connection.identity, attempt);
			}
			if (isStream(body)) throw sentInVain(attempt, 'the server refused the session early');
			return this.send(name, input, call);
		}
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
			...configOf(this.connection),
			...this.identity(),
			region,
			requestHandler: this.requestHandler,
			streamCollector: readBody,
		});
		leaveBodiesUnsigned(client);
		leaveListingsUnread(client);
		askForChecksums(client);
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

/** Everything is set here, so that no environment variable or file of the machine changes a request. */
function configOf({ endpoint, addressingStyle }: Connection): S3ClientConfig {
	return {
		...(endpoint === undefined ? {} : { endpoint }),
		// For dotted buckets of AWS the SDK chooses path style by itself.
		forcePathStyle:
			addressingStyle === 'path' || (addressingStyle === 'auto' && endpoint !== undefined),
		ignoreConfiguredEndpointUrls: true,
		useArnRegion: true,
		useDualstackEndpoint: false,
		useFipsEndpoint: false,
		disableMultiregionAccessPoints: false,
		disableS3ExpressSessionAuth: false,
		disableClockSkewCorrection: false,
		authSchemePreference: [],
		userAgentAppId: '',
		defaultsMode: 'standard',
		maxAttempts: mostAttempts(undefined),
		retryMode: 'standard',
		retryStrategy,
		// Servers other than AWS refuse the newer default checksums; `upload.ts` asks for them.
		requestChecksumCalculation: 'WHEN_REQUIRED',
		responseChecksumValidation: 'WHEN_REQUIRED',
		expectContinueHeader: false,
		// Without one of ours the SDK writes warnings to n8n's console.
		logger: SILENT,
	};
}

function basicAuth({
	username,
	password,
}: HttpBasicIdentity): Pick<S3ClientConfig, 'credentials' | 'signer'> {
	const userAndPassword = Buffer.from(`${username}:${password}`).toString('base64');
	return {
		credentials: { accessKeyId: 'unused', secretAccessKey: 'unused' },
		signer: {
			sign: (request) => {
				request.headers.authorization = `Basic ${userAndPassword}`;
				return Promise.resolve(request);
			},
		},
	};
}

function keysOf({ accessKeyId, secretAccessKey, sessionToken }: AccessKeysIdentity): {
	accessKeyId: string;
	secretAccessKey: string;
	sessionToken?: string;
} {
	return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
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
