/**
 * `npm run test:compat`: the behaviour suite on real servers of package registries. It writes the table of
 * docs/servers.md; `-- NAME…` runs some of them and writes nothing.
 */
import process from 'node:process';
import { run, setUp } from './setup.mjs';

setUp();
await run('tsx', ['test/compat/main.ts', ...process.argv.slice(2)]);
