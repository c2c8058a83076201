import { openS3 } from '../../s3/client/openS3';
import { connectionTo } from '../servers/connectionTo';
import { withServer } from '../servers/withServer';
import { seeds } from '../seeds';
import { faultsOf, simulate } from './simulation';
import type { Engine, Simulation } from './simulation';
import { StoreTarget } from './StoreTarget';

/** Small, so that a few hundred objects are more than can be remembered. */
jest.mock('../../s3/watch/limits', () => ({
	MAX_SEEN: 190,
	KEPT: 150,
	MAX_UPLOADS: 100,
	MARGIN: 120,
}));

/** On a busy machine: each takes a second or two by itself. */
jest.setTimeout(300_000);

const server = withServer({ leavesUploads: true });
const SEEDS = Array.from({ length: seeds(5, 100) }, (_, seed) => seed);
/** Seconds: the clock of the server is a whole day off ours. */
const DAY = 24 * 60 * 60;

async function run(engine: Engine, seed: number, more: Partial<Simulation> = {}) {
	const bucket = `simulation-${engine}-${seed}`;
	const ahead = [0, DAY, -DAY][seed % 3]!;
	const target = new StoreTarget(server, bucket, Math.floor(Date.now() / 1000) + ahead);
	const s3 = await openS3(connectionTo(server, { bucket }));
	const settings = { engine, seed, request: {}, many: 60, acts: 30, polls: 40, killed: 4 };
	const found = await simulate(target, s3, { ...settings, page: 300, atOnce: 0, ...more });
	server.store.buckets.delete(bucket);
	return faultsOf(found);
}

describe.each(['legacy', 'durable'] as const)('n8n with the %s engine', (engine) => {
	it.each(SEEDS)(
		`what is written is emitted by the ${engine} engine, and nothing old (seed %i)`,
		async (seed) => {
			expect(await run(engine, seed)).toEqual([]);
		},
	);

	it(`ten thousand objects that come at once are emitted by the ${engine} engine`, async () => {
		const settings = { atOnce: 10_000, page: 1000, polls: 4, request: { maxObjects: 1000 } };
		expect(await run(engine, SEEDS.length, settings)).toEqual([]);
	});
});
