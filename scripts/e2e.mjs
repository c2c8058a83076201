/**
 * `npm run test:e2e`: the packed package in a real n8n, used through a real browser. With `--install`
 * it only installs the two releases of n8n; with `--built` it takes the build that is there, so that another suite can
 * run beside it.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runJest } from './jest.mjs';
import { root, run, setUp } from './setup.mjs';

const args = process.argv.slice(2);
setUp();
if (args.includes('--install')) {
	await run('tsx', ['--eval', "require('./test/servers/n8n/installBoth').default()"]);
} else {
	rmSync(join(root, '.cache', 'e2e'), { recursive: true, force: true });
	if (!args.includes('--built')) await run('gulp', ['build', '--silent']);
	const more = args.filter((argument) => argument !== '--built');
	await runJest(['--config', 'jest.e2e.config.js', ...more]);
}
