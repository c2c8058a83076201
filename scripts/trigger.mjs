/**
 * `npm run test:trigger`: the trigger with a writer that does what writers should not, simulated, and in a real n8n
 * that is killed at random points.
 */
import process from 'node:process';
import { runJest } from './jest.mjs';
import { run, setUp } from './setup.mjs';

setUp();
await run('gulp', ['build', '--silent']);
await runJest(['--config', 'jest.trigger.config.js', ...process.argv.slice(2)]);
