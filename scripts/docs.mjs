/**
 * `npm run docs`: writes what the pages under docs/ take from the code; tests compare them. With `--pictures` it takes
 * the pictures of README.md and docs/ anew, for which it needs Chromium.
 */
import process from 'node:process';
import { run, setUp } from './setup.mjs';

setUp();
await run('tsx', ['test/docs/main.ts']);
if (process.argv.includes('--pictures')) {
	await run('gulp', ['build', '--silent']);
	await run('tsx', ['test/docs/pictures.ts']);
}
