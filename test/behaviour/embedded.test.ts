import { finishRestore } from '../servers/embedded/restores';
import { keyBytes } from '../servers/embedded/store';
import type { TestServer } from '../servers/TestServer';
import { withServer } from '../servers/withServer';
import { describeBehaviour } from './behaviour';

const embedded = withServer({ virtualHostSuffix: 's3.localhost' });
let server: TestServer;

beforeAll(() => {
	const virtualHostEndpoint = embedded.endpoint.replace('127.0.0.1', 's3.localhost');
	server = { ...embedded, virtualHostEndpoint, lacks: [], finishRestore: endRestore };
});

function endRestore(bucket: string, key: string): void {
	const version = embedded.store.bucket(bucket).get(keyBytes(key));
	if (version !== undefined) finishRestore(version, 1);
}

describeBehaviour(() => server);
