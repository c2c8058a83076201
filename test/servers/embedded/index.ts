import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Faults } from './faults';
import { MAX_SINGLE_PUT } from './objects';
import { handle } from './server';
import type { RequestRecord } from './RequestRecord';
import { Store } from './store';
import { LIMITED, MAIN } from './users';
import type { User } from './users';

export type { Fault } from './faults';
export type { User } from './users';

export interface EmbeddedOptions {
	port?: number;
	/** Keeps the bytes of objects in files of this folder instead of in memory. */
	directory?: string;
	/** Users beside `main` and `limited`. */
	users?: User[];
	region?: string;
	/** Bytes; 5 MiB unless set. */
	minimumPartSize?: number;
	/** Bytes that one request copies at most; 5 GiB unless set. */
	maximumCopySize?: number;
	tls?: { cert: string; key: string };
	/** `s3.localhost` makes `bucket.s3.localhost` the bucket's host. */
	virtualHostSuffix?: string;
	/** Buckets to make at the start, with their regions. */
	bucketRegions?: Record<string, string>;
	/** How a bucket of another region refuses: with 301, or with 400 as if its name were in the host name. */
	regionErrors?: 'redirect' | 'malformed';
}

export interface EmbeddedServer {
	name: 'embedded';
	endpoint: string;
	region: string;
	users: { main: User; limited: User };
	faults: Faults;
	requests: RequestRecord[];
	/** Requests whose responses have not ended; a closed connection ends them, too. */
	inFlight: ReadonlySet<RequestRecord>;
	store: Store;
	/** Adds someone, e.g. with temporary keys. */
	addUser(user: User): void;
	/** Seconds that the server's clock is off. */
	setClock(seconds: number): void;
	stop(): Promise<void>;
}

/** Names of 1,024 bytes and signatures in the query make long first lines. */
const HTTP = { maxHeaderSize: 64 * 1024 };

async function folderIn(directory: string): Promise<string> {
	await mkdir(directory, { recursive: true });
	return await mkdtemp(join(directory, 's3-'));
}

/**
 * Starts an S3 server in this process, on loopback. It is strict about what clients get wrong: signatures,
 * chunked bodies, checksums, multipart rules. It goes wrong itself if a test asks for it.
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
	const { directory, region = 'us-east-1', tls } = options;
	// A folder of its own in the given one, so that all of it can be removed at the end.
	const folder = directory === undefined ? undefined : await folderIn(directory);
	const main = { ...MAIN };
	const limited = { ...LIMITED, allow: [...(LIMITED.allow ?? [])] };
	const users: User[] = [main, limited, ...(options.users ?? [])];
	const store = new Store();
	for (const [bucket, itsRegion] of Object.entries(options.bucketRegions ?? {})) {
		store.makeBucket(bucket, itsRegion);
	}
	const faults = new Faults();
	const requests: RequestRecord[] = [];
	const inFlight = new Set<RequestRecord>();
	let skew = 0;
	const settings = {
		store,
		faults,
		requests,
		inFlight,
		users: () => users,
		region,
		regionErrors: options.regionErrors ?? ('redirect' as const),
		minimumPartSize: options.minimumPartSize ?? 5 * 1024 * 1024,
		maximumCopySize: options.maximumCopySize ?? MAX_SINGLE_PUT,
		directory: folder,
		virtualHostSuffix: options.virtualHostSuffix,
		secure: tls !== undefined,
		skew: () => skew,
	};
	const listener = (
		...[message, response]: Parameters<Parameters<typeof createServer>[1] & object>
	) => {
		void handle(message, response, settings);
	};
	const server =
		tls === undefined
			? createServer(HTTP, listener)
			: createTlsServer({ ...HTTP, ...tls }, listener);
	server.requestTimeout = 0;
	server.on('checkContinue', listener);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		name: 'embedded',
		endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}`,
		region,
		users: { main, limited },
		faults,
		requests,
		inFlight,
		store,
		addUser: (user) => users.push(user),
		setClock: (seconds) => {
			skew = seconds * 1000;
		},
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			if (folder !== undefined) await rm(folder, { recursive: true, force: true });
		},
	};
}
