/** `npm run test:node20`: what does not need a newer Node, on the oldest one that the package is for. */
import process from 'node:process';
import { runJest } from './jest.mjs';
import { run, setUp } from './setup.mjs';

/** Runs a tool that refuses Node 20. */
const TOOL = 'test/unit/architecture';

setUp();
await run('gulp', ['build', '--silent']);
await runJest(
	[
		...['test/unit', 'test/faults', 'test/engine'],
		...['/node_modules/', TOOL].flatMap((path) => ['--testPathIgnorePatterns', path]),
		...process.argv.slice(2),
	],
	{ node: 20, env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' } },
);
