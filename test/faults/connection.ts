import type { S3 } from '../../s3/client/S3';
import type { Connection } from '../../s3/Connection';
import type { EmbeddedServer } from '../servers/embedded';

/** A connection to a server of the tests, with its main user. */
export function connectionTo(
	server: EmbeddedServer,
	settings: Partial<Connection> = {},
): Connection {
	const { accessKeyId, secretAccessKey } = server.users.main;
	return {
		region: server.region,
		endpoint: server.endpoint,
		addressingStyle: 'auto',
		bucket: undefined,
		bucketOnly: false,
		privacyLevel: 'none',
		multipartThreshold: 100 * 1024 * 1024,
		caCertificate: undefined,
		proxy: { kind: 'none' },
		ignoreSslIssues: false,
		identity: { kind: 'accessKeys', accessKeyId, secretAccessKey, sessionToken: undefined },
		...settings,
	};
}

/** The same connection, taken for one to AWS: what only AWS is sent goes to the server of the tests. */
export function asAws(s3: S3): S3 {
	return {
		connection: { ...s3.connection, endpoint: undefined },
		readMemory: s3.readMemory,
		writeMemory: s3.writeMemory,
		send: (name, input, call) => s3.send(name, input, call),
	};
}
