import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectionTo } from '../servers/connectionTo';
import { withServer } from '../servers/withServer';

const bucket = 'garbage';
/** Sizes in MiB with which V8 collects young objects often, and old ones not at all. */
const FLAGS = [
	'--min-semi-space-size=4',
	'--max-semi-space-size=4',
	'--initial-old-space-size=256',
];

const server = withServer({ buckets: [bucket] });
let found: Record<string, { left: number; collections: string[] }>;

beforeAll(async () => {
	server.store.putMany(bucket, ['a', 'b', 'c']);
	const argument = JSON.stringify({ connection: connectionTo(server), bucket });
	const script = join(__dirname, 'garbageProcess.cjs');
	const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, script, argument]);
	found = JSON.parse(stdout) as typeof found;
}, 180_000);

// About 300 bytes on Node 24. If each request kept the ones after it alive, there would be 10,000, and 100,000
// for a page whose objects are allocated in the old space.
it.each([
	['a page of a listing that nobody has any more', 'pages'],
	['an upload that has ended', 'put'],
	['a download that has ended', 'get'],
	['a listing that has ended', 'list'],
	['a request that has failed', 'fail'],
])('nothing but a young collection is needed to free %s', (_, operation) => {
	const { left, collections } = found[operation] ?? { left: NaN, collections: [] };
	expect(collections.length).toBeGreaterThan(5);
	expect(new Set(collections)).toEqual(new Set(['Scavenge']));
	expect(left).toBeLessThan(2000);
});
