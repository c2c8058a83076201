import type { S3 } from '../../../s3/client/S3';
import type { EmbeddedOptions } from '../../servers/embedded';
import type { RequestRecord } from '../../servers/embedded/RequestRecord';
import { keyBytes } from '../../servers/embedded/store';
import type { Upload, Version } from '../../servers/embedded/store';
import { withConnection } from '../../servers/withServer';
import type { ConnectedServer } from '../../servers/withServer';

export const bucket = 'uploads';

/** The server of one test file, a connection to it, and what it has. */
interface UploadServer {
	readonly server: ConnectedServer;
	readonly s3: S3;
	/** The object with this key, if there is one. */
	stored(key: string): Version | undefined;
	/** The bytes of the object with this key; none if there is no object. */
	storedBytes(key: string): Buffer;
	/** Multipart uploads that were begun and neither completed nor aborted. */
	uploadsLeft(): Upload[];
	/** Requests that the server has received, of one operation or all. */
	sent(operation?: string): RequestRecord[];
}

/** Starts a server for the tests of a file; its bucket is new and empty for each test. */
export function uploadServer(options: EmbeddedOptions = { minimumPartSize: 1 }): UploadServer {
	// What a test leaves open is what it is about; each looks at it by itself.
	const server = withConnection({ ...options, bucketsOfEachTest: [bucket], leavesUploads: true });
	const stored = (key: string) => server.store.bucket(bucket).get(keyBytes(key));
	return {
		server,
		get s3() {
			return server.s3;
		},
		stored,
		storedBytes: (key) => {
			const pieces = stored(key)?.content?.pieces ?? [];
			return Buffer.concat(pieces.filter((piece) => Buffer.isBuffer(piece)));
		},
		uploadsLeft: () => [...server.store.bucket(bucket).uploads.values()],
		sent: (operation) =>
			server.requests.filter(
				(request) =>
					(operation === undefined || request.operation === operation) && !isAgain(request),
			),
	};
}

/** An upload that was cancelled is aborted again, perhaps when the next test runs. */
const isAgain = ({ operation, status }: RequestRecord): boolean =>
	operation === 'AbortMultipartUpload' && status === 404;
