/** `npm run test:e2e`: the packed package in a real n8n, used through a real browser. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runJest } from './jest.mjs';
import { root, run, setUp } from './setup.mjs';

setUp();
rmSync(join(root, '.cache', 'e2e'), { recursive: true, force: true });
await run('gulp', ['build', '--silent']);
await runJest(['--config', 'jest.e2e.config.js', ...process.argv.slice(2)]);
