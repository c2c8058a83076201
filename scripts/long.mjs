/** `npm run test:long`: the simulations and the tests with random input, with all of their seeds. */
import process from 'node:process';
import { runJest } from './jest.mjs';
import { setUp } from './setup.mjs';

setUp();
await runJest(['--findRelatedTests', 'test/seeds.ts', ...process.argv.slice(2)], {
	env: { LONG_TESTS: '1' },
});
