import type { S3 } from '../../s3/client/S3';

/** The same connection, taken for one to AWS: what only AWS is sent goes to the server of the tests. */
export function asAws(s3: S3): S3 {
	return {
		connection: { ...s3.connection, endpoint: undefined },
		readMemory: s3.readMemory,
		writeMemory: s3.writeMemory,
		send: (name, input, call) => s3.send(name, input, call),
	};
}
