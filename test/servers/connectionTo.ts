import type { Connection } from '../../s3/Connection';
import type { Keys } from './TestServer';

/** What a connection has to know of a server. */
interface Reachable {
	endpoint: string;
	region: string;
	users: { main: Keys };
}

/** A connection to a server of the tests, with the keys of its main user. */
export function connectionTo(server: Reachable, settings: Partial<Connection> = {}): Connection {
	const { accessKeyId, secretAccessKey } = server.users.main;
	return {
		region: server.region,
		endpoint: server.endpoint,
		publicEndpoint: undefined,
		addressingStyle: 'auto',
		bucket: undefined,
		bucketOnly: false,
		readOnly: false,
		privacyLevel: 'none',
		multipartThreshold: 100 * 1024 * 1024,
		caCertificate: undefined,
		proxy: { kind: 'none' },
		ignoreSslIssues: false,
		egress: undefined,
		urlEgress: undefined,
		identity: { kind: 'accessKeys', accessKeyId, secretAccessKey, sessionToken: undefined },
		...settings,
	};
}
