import { startEmbedded } from '../servers/embedded';
import type { TestServer } from '../servers/TestServer';
import { describeBehaviour } from './behaviour';

let server: TestServer;

beforeAll(async () => {
	const embedded = await startEmbedded({ virtualHostSuffix: 's3.localhost' });
	server = {
		...embedded,
		virtualHostEndpoint: embedded.endpoint.replace('127.0.0.1', 's3.localhost'),
		lacks: [],
	};
});
afterAll(() => server.stop());

describeBehaviour(() => server);
