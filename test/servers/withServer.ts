/** The embedded server for a file of tests, from before its first test until after its last. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openS3 } from '../../s3/client/openS3';
import type { OpenS3 } from '../../s3/client/S3';
import type { Connection } from '../../s3/Connection';
import { connectionTo } from './connectionTo';
import { startEmbedded } from './embedded';
import type { EmbeddedOptions, EmbeddedServer, User } from './embedded';
import { clientOf } from './embedded/client';
import type { Client } from './embedded/client';

/** The fields of a credential with the access keys of a user. */
// A type alias: n8n's type of a credential has an index signature, which an interface lacks.
type Credential = {
	endpoint: string;
	accessKeyId: string;
	secretAccessKey: string;
	bucket?: string;
};

/** A server whose properties are there when the tests run; the object `credential` is there before. */
export interface RunningServer extends EmbeddedServer, Client {
	/** Of a user who may do everything. */
	readonly credential: Credential;
	credentialOf(user: User): Credential;
	/** Opens a connection that nobody else has: it knows no regions of buckets and is not throttled. */
	connect(settings?: Partial<Connection>): Promise<OpenS3>;
}

/** A server and a connection to it. */
export interface ConnectedServer extends RunningServer {
	s3: OpenS3;
}

export interface ServerOptions extends EmbeddedOptions {
	/** Names of buckets, which are new and empty for the whole file. */
	buckets?: readonly string[];
	/** Names of buckets, which are new and empty for each test. */
	bucketsOfEachTest?: readonly string[];
	/** The bucket of `credential`; none unless given. */
	bucketOfCredential?: string;
	/** Connections that `send` opens at most. */
	maxSockets?: number;
	/** Whether the tests leave multipart uploads open on purpose. */
	leavesUploads?: boolean;
}

/** How often `connect` was called. */
let connections = 0;

/** Milliseconds that a request may still take after the last test. */
const PATIENCE = 2000;

/**
 * Starts a server before the first test of a file, or of the `describe` this is called in, and stops
 * it after the last one. Each test begins without faults and without recorded requests.
 * After the last test it fails if a request is still in flight or a multipart upload is still open.
 */
export function withServer(options: ServerOptions = {}): RunningServer {
	const {
		buckets = [],
		bucketsOfEachTest = [],
		leavesUploads = false,
		bucketOfCredential,
		maxSockets = Infinity,
		...embedded
	} = options;
	const credential = {} as Credential;
	const server = { credential } as RunningServer;
	beforeAll(async () => {
		const started = await startEmbedded(embedded);
		const credentialOf = ({ accessKeyId, secretAccessKey }: User): Credential => ({
			endpoint: started.endpoint,
			accessKeyId,
			secretAccessKey,
		});
		Object.assign(credential, credentialOf(started.users.main));
		if (bucketOfCredential !== undefined) credential.bucket = bucketOfCredential;
		const ca = embedded.tls && { ca: embedded.tls.cert };
		const client = clientOf(started, { maxSockets, ...ca });
		const connect = (settings: Partial<Connection> = {}): Promise<OpenS3> =>
			// Equal settings get the same connection.
			openS3(connectionTo(started, { bucket: `connection-${connections++}`, ...settings }));
		Object.assign(server, started, client, { credentialOf, connect });
		for (const bucket of buckets) server.store.makeBucket(bucket, server.region);
	});
	beforeEach(() => {
		for (const bucket of bucketsOfEachTest) server.store.makeBucket(bucket, server.region);
		server.faults.clear();
		server.requests.length = 0;
	});
	afterAll(async () => {
		if (leavesUploads) for (const { uploads } of server.store.buckets.values()) uploads.clear();
		const left = await leftOpen(server);
		server.close();
		await server.stop();
		if (left.length > 0) throw new Error(`After the tests: ${left.join(', ')}.`);
	});
	return server;
}

/**
 * The same with a connection to the server.
 * @param settings of the connection; its server and keys unless given
 */
export function withConnection(
	options: ServerOptions = {},
	settings: Partial<Connection> = {},
): ConnectedServer {
	const server = withServer(options) as ConnectedServer;
	beforeAll(async () => {
		server.s3 = await openS3(connectionTo(server, settings));
	});
	return server;
}

/**
 * What clients have left on a server: requests whose responses they neither read nor gave up, after a
 * while, and multipart uploads that they neither completed nor aborted.
 */
export async function leftOpen(server: EmbeddedServer): Promise<string[]> {
	const end = performance.now() + PATIENCE;
	while (server.inFlight.size > 0 && performance.now() < end) await sleep(10);
	const requests = [...server.inFlight].map(
		({ method, bucket, key }) => `${method} /${bucket}/${key} is in flight`,
	);
	const uploads = [...server.store.buckets.values()].flatMap((bucket) =>
		[...bucket.uploads.values()].map(({ key }) => `an upload to /${bucket.name}/${key} is open`),
	);
	return [...requests, ...uploads];
}
