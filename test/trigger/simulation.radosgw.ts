/** The same writer on Ceph's gateway: with its clock, its dates, and requests that are in flight while it is listed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openS3 } from '../../s3/client/openS3';
import { connectionTo } from '../servers/connectionTo';
import { startRadosgw } from '../servers/radosgw/radosgw';
import type { Radosgw } from '../servers/radosgw/radosgw';
import { seeds } from '../seeds';
import { RequestTarget } from './RequestTarget';
import { faultsOf, simulate } from './simulation';
import type { Engine, Simulation } from './simulation';

/** Small, so that a few hundred objects are more than can be remembered, and a simulation takes seconds. */
jest.mock('../../s3/watch/limits', () => ({
	MAX_SEEN: 190,
	KEPT: 150,
	MAX_UPLOADS: 100,
	MARGIN: 6,
}));

const ENGINES = ['legacy', 'durable'] as const;
const SEEDS = Array.from({ length: seeds(2, 20) }, (_, seed) => seed);
/** Simulations at a time: they wait most of their time. */
const LANES = 4;
let server: Radosgw;

beforeAll(() => {
	server = startRadosgw({ port: 10450, gibibytes: 2 });
}, 60_000);
afterAll(() => server.stop());

async function targetIn(bucket: string) {
	const s3 = await openS3(connectionTo(server, { bucket }));
	return { s3, target: await RequestTarget.make(server, s3, bucket) };
}

async function run(engine: Engine, seed: number, more: Partial<Simulation> = {}) {
	const { s3, target } = await targetIn(`simulation-${engine}-${seed}`);
	const settings = { engine, seed, request: {}, many: 100, acts: 30, polls: 14, killed: 2 };
	const found = await simulate(target, s3, { ...settings, page: 100, atOnce: 0, ...more });
	return faultsOf(found).map((fault) => `${engine} engine, seed ${seed}: ${fault}`);
}

// Each waits most of its time.
it.concurrent(
	'what is written to radosgw is emitted by either engine, and nothing old',
	async () => {
		const faults: string[] = [];
		const left = ENGINES.flatMap((engine) => SEEDS.map((seed) => [engine, seed] as const)).values();
		const lane = async () => {
			for (const [engine, seed] of left) faults.push(...(await run(engine, seed)));
		};
		await Promise.all(Array.from({ length: LANES }, lane));
		expect(faults).toEqual([]);
	},
);

it.concurrent(
	'ten thousand objects that are put into radosgw while it is listed are emitted',
	async () => {
		const settings = { atOnce: 10_000, page: 1000, polls: 4, request: { maxObjects: 1000 } };
		expect(await run('durable', SEEDS.length, settings)).toEqual([]);
	},
);

it.concurrent(
	'radosgw dates an object of several parts at the end of its upload, as it is said to',
	async () => {
		const { target } = await targetIn('dates');
		const end = await target.beginUpload('late');
		const begun = Date.now();
		await sleep(3000);
		await end();
		const [{ lastModified = '' } = {}] = await target.objects();
		expect(target.lacks).toContain('oldDates');
		expect(Date.parse(lastModified)).toBeGreaterThan(begun + 1000);
	},
);
