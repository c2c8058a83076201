/**
 * `npm run test:compat`: the behaviour suite on real servers of package registries; `-- rclone swift` runs some of them. It
 * writes what came of each into docs/servers.md if no test surprises.
 */
import process from 'node:process';
import { run, setUp } from './setup.mjs';

setUp();
await run('tsx', ['test/compat/main.ts', ...process.argv.slice(2)]);
