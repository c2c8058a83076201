import { externalServer } from '../servers/external';
import { startRadosgw } from '../servers/radosgw/radosgw';
import type { TestServer } from '../servers/TestServer';
import { describeBehaviour } from './behaviour';

let server: TestServer;

beforeAll(() => {
	server = externalServer() ?? startRadosgw();
	process.stdout.write(`Server: ${server.name}, lacks: ${server.lacks.join(', ') || 'nothing'}\n`);
}, 60_000);
afterAll(() => server.stop());

describeBehaviour(() => server);
