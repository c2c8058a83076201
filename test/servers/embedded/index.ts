import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Faults } from './faults';
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
	tls?: { cert: string; key: string };
	/** `s3.localhost` makes `bucket.s3.localhost` the bucket's host. */
	virtualHostSuffix?: string;
	/** Buckets to make at the start, with their regions. */
	bucketRegions?: Record<string, string>;
	regionErrors?: 'redirect' | 'malformed';
}

export interface EmbeddedServer {
	name: 'embedded';
	endpoint: string;
	region: string;
	users: { main: User; limited: User };
	/** What S3 can do and this server cannot. */
	lacks: string[];
	faults: Faults;
	requests: RequestRecord[];
	store: Store;
	/** Adds someone, e.g. with temporary keys. */
	addUser(user: User): void;
	/** Seconds that the server's clock is off. */
	setClock(seconds: number): void;
	stop(): Promise<void>;
}

/**
 * Starts an S3 server in this process, on loopback. It is strict where clients go wrong: signatures,
 * chunked bodies, checksums, multipart rules; and goes wrong itself where a test asks for it.
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
	const { directory, region = 'us-east-1', tls } = options;
	if (directory !== undefined) await mkdir(directory, { recursive: true });
	const limited = { ...LIMITED, allow: [...(LIMITED.allow ?? [])] };
	const users: User[] = [MAIN, limited, ...(options.users ?? [])];
	const store = new Store();
	for (const [bucket, itsRegion] of Object.entries(options.bucketRegions ?? {})) {
		store.makeBucket(bucket, itsRegion);
	}
	const faults = new Faults();
	const requests: RequestRecord[] = [];
	let skew = 0;
	const settings = {
		store,
		faults,
		requests,
		users: () => users,
		region,
		regionErrors: options.regionErrors ?? ('redirect' as const),
		minimumPartSize: options.minimumPartSize ?? 5 * 1024 * 1024,
		directory,
		virtualHostSuffix: options.virtualHostSuffix,
		skew: () => skew,
	};
	const listener = (
		...[message, response]: Parameters<Parameters<typeof createServer>[1] & object>
	) => {
		void handle(message, response, settings);
	};
	const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
	server.requestTimeout = 0;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		name: 'embedded',
		endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}`,
		region,
		users: { main: MAIN, limited },
		lacks: [],
		faults,
		requests,
		store,
		addUser: (user) => users.push(user),
		setClock: (seconds) => {
			skew = seconds * 1000;
		},
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
