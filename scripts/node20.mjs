/** `npm run test:node20`: what does not need a newer Node, on the oldest one that the package is for. */
import process from 'node:process';
import { runJest } from './jest.mjs';
import { run, setUp } from './setup.mjs';

/** What says nothing of Node 20. */
const others = [
	// The tool that it runs refuses Node 20.
	'test/unit/architecture',
	// It is about what V8's young collections free on Node 24. Node 20 leaves some to the full ones.
	'test/unit/s3/garbage',
];

setUp();
await run('gulp', ['build', '--silent']);
await runJest(
	[
		...['test/unit', 'test/faults', 'test/engine'],
		...['/node_modules/', ...others].flatMap((path) => ['--testPathIgnorePatterns', path]),
		...process.argv.slice(2),
	],
	{ node: 20, env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' } },
);
