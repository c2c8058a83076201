/** `npm run bench`: this package against n8n's own node and other tools; `--help` says more. */
import process from 'node:process';
import { run, setUp } from './setup.mjs';

setUp();
await run('gulp', ['build', '--silent']);
try {
	await run('tsx', ['test/bench/main.ts', ...process.argv.slice(2)]);
} catch (error) {
	console.error(error.message);
	process.exitCode = 1;
}
