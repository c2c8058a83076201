import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectionTo } from '../../faults/connection';
import { startEmbedded } from '../../servers/embedded';
import type { EmbeddedServer } from '../../servers/embedded';

const bucket = 'garbage';
/** MiB: young objects are looked through often enough, and nothing else is. */
const FLAGS = [
	'--min-semi-space-size=4',
	'--max-semi-space-size=4',
	'--initial-old-space-size=256',
];

let server: EmbeddedServer;
let found: Record<string, { left: number; collections: string[] }>;

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(bucket);
	server.store.putMany(bucket, ['a', 'b', 'c']);
	const argument = JSON.stringify({ connection: connectionTo(server), bucket });
	const script = join(__dirname, 'garbageProcess.cjs');
	const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, script, argument]);
	found = JSON.parse(stdout) as typeof found;
}, 60_000);
afterAll(() => server.stop());

// About 300 bytes on Node 24; 10,000 where each request keeps those after it, and for a page of objects that
// are made among the old ones 100,000.
describe('requests that have ended and pages nobody has are gone when V8 collects young garbage', () => {
	it.each(['pages', 'put', 'get', 'list', 'fail'])('%s', (operation) => {
		const { left, collections } = found[operation] ?? { left: NaN, collections: [] };
		expect(collections.length).toBeGreaterThan(5);
		expect(new Set(collections)).toEqual(new Set(['Scavenge']));
		expect(left).toBeLessThan(2000);
	});
});
