/** `npm run test:long`: the simulations and the tests with random input, with all of their seeds. */
import process from 'node:process';
import { runJest } from './jest.mjs';
import { setUp } from './setup.mjs';

setUp();
// Those of the trigger as well, which are no part of `npm test`.
const ignored = ['/node_modules/', '/test/e2e/'].flatMap((path) => [
	'--testPathIgnorePatterns',
	path,
]);
await runJest(['--findRelatedTests', 'test/seeds.ts', ...ignored, ...process.argv.slice(2)], {
	env: { LONG_TESTS: '1' },
});
