/** `npm run test:node20`: what does not need a newer Node, on the oldest one that the package is for. */
import process from 'node:process';
import { runJest } from './jest.mjs';
import { run, setUp } from './setup.mjs';

/** Runs a tool that refuses Node 20. */
const TOOL = 'test/unit/architecture';

/**
 * Long series of requests that fail, of many objects and of simulated listings. They look for mistakes of our own, which
 * a Node makes no worse: `npm test` has run them on a newer one. What Node 20 does not have, the type check finds: its
 * library and the types of Node are those of Node 20.
 */
const SERIES = [
	...['eachRequestOf[A-Z][a-z]+', 'hundredThousand', 'listingTime', 'manyItems'],
	...['ParallelListing', 'PositionalEstimator', 'list/atRandom'],
].map((name) => `/${name}\\.test\\.ts$`);

setUp();
await run('gulp', ['build', '--silent']);
await runJest(
	[
		...['test/unit', 'test/faults', 'test/engine'],
		...['/node_modules/', TOOL, ...SERIES].flatMap((path) => ['--testPathIgnorePatterns', path]),
		...process.argv.slice(2),
	],
	{ node: 20, env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' } },
);
