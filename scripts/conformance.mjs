/** `npm run test:conformance`: the behaviour suite on Ceph's gateway, or on the server S3_ENDPOINT names. */
import process from 'node:process';
import { runJest } from './jest.mjs';
import { setUp } from './setup.mjs';

setUp();
await runJest(['--config', 'jest.conformance.config.js', ...process.argv.slice(2)]);
