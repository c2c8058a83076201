import type { OpenS3 } from '../../../s3/client/S3';
import type { EmbeddedOptions } from '../../servers/embedded';
import type { RequestRecord } from '../../servers/embedded/RequestRecord';
import { keyBytes } from '../../servers/embedded/store';
import type { Bucket, Version } from '../../servers/embedded/store';
import { withConnection } from '../../servers/withServer';
import type { ConnectedServer } from '../../servers/withServer';

export const bucket = 'objects';
export const call = { signal: undefined, retryFor: 1000 };

/** The server of one test file, a connection to it, and what it has. */
interface ObjectServer {
	readonly server: ConnectedServer;
	readonly s3: OpenS3;
	readonly bucket: Bucket;
	/** Puts an object, and gives its newest version. */
	put(key: string, body?: string): Promise<Version>;
	/** The object with this key, if there is one. */
	stored(key: string): Version | undefined;
	/** Names of the calls of all requests that the server has received. */
	operations(): (string | undefined)[];
	/** Requests that the server has received, of one operation or all. */
	sent(operation?: string): RequestRecord[];
}

/** Starts a server for the tests of a file; its bucket is new and empty for each test. */
export function objectServer(options: EmbeddedOptions = {}): ObjectServer {
	const server = withConnection({ ...options, bucketsOfEachTest: [bucket] });
	const stored = (key: string) => server.store.bucket(bucket).get(keyBytes(key));
	return {
		server,
		get s3() {
			return server.s3;
		},
		get bucket() {
			return server.store.bucket(bucket);
		},
		put: async (key, body = 'content') => {
			await server.s3.send('PutObject', { Bucket: bucket, Key: key, Body: body }, call);
			server.requests.length = 0;
			return stored(key)!;
		},
		stored,
		operations: () => server.requests.map(({ operation }) => operation),
		sent: (operation) =>
			server.requests.filter((one) => operation === undefined || one.operation === operation),
	};
}
