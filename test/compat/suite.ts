/** The behaviour suite on the server of `npm run test:compat` that COMPAT_SERVER names. */
import { describeBehaviour } from '../behaviour/behaviour';
import type { TestServer } from '../servers/TestServer';
import { PACKAGES, start } from './packages';

let server: TestServer;

beforeAll(async () => {
	const named = PACKAGES.find(({ name }) => name === process.env.COMPAT_SERVER);
	if (named === undefined) throw new Error('COMPAT_SERVER names no server.');
	server = await start(named);
}, 180_000);
afterAll(() => server.stop());

describeBehaviour(() => server);
