/** `npm run docs`: writes what the pages under docs/ take from the code; tests compare them. */
import { run, setUp } from './setup.mjs';

setUp();
await run('tsx', ['test/docs/main.ts']);
