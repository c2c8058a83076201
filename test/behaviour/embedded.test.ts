import type { TestServer } from '../servers/TestServer';
import { withServer } from '../servers/withServer';
import { describeBehaviour } from './behaviour';

const embedded = withServer({ virtualHostSuffix: 's3.localhost' });
let server: TestServer;

beforeAll(() => {
	const virtualHostEndpoint = embedded.endpoint.replace('127.0.0.1', 's3.localhost');
	server = { ...embedded, virtualHostEndpoint, lacks: [] };
});

describeBehaviour(() => server);
