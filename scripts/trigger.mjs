/**
 * `npm run test:trigger`: the trigger with a writer that does what writers should not, simulated on the embedded server
 * and on radosgw, and in a real n8n that is killed at random points. With `--built` it takes the build that is there, so
 * that another suite can run beside it.
 */
import process from 'node:process';
import { runJest } from './jest.mjs';
import { run, setUp } from './setup.mjs';

const args = process.argv.slice(2);
setUp();
if (!args.includes('--built')) await run('gulp', ['build', '--silent']);
const more = args.filter((argument) => argument !== '--built');
await runJest(['--config', 'jest.trigger.config.js', ...more]);
