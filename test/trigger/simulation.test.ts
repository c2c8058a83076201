import { withServer } from '../servers/withServer';
import { seeds } from '../seeds';
import { simulate } from './simulation';
import type { Engine, Outcome, Simulation } from './simulation';

/** Small, so that a few hundred objects are more than can be remembered. */
jest.mock('../../s3/watch/limits', () => ({
	MAX_SEEN: 190,
	KEPT: 150,
	MAX_UPLOADS: 100,
	MARGIN: 120,
}));

const server = withServer({ leavesUploads: true });
const SEEDS = Array.from({ length: seeds(5, 100) }, (_, seed) => seed);

const run = async (
	engine: Engine,
	seed: number,
	more: Partial<Simulation> = {},
): Promise<Outcome> =>
	await simulate(server, {
		engine,
		seed,
		request: {},
		many: 60,
		acts: 30,
		polls: 40,
		killed: 4,
		...more,
	});

describe.each(['legacy', 'durable'] as const)('n8n with the %s engine', (engine) => {
	it.each(SEEDS)(
		`what is written is emitted by the ${engine} engine, and nothing old (seed %i)`,
		async (seed) => {
			const { old, lost, repeated } = await run(engine, seed);
			const found = { old, lost, repeated };
			const some = Object.entries(found).map(([what, all]) => [
				what,
				all.length,
				...all.slice(0, 3),
			]);
			expect(some).toEqual([
				['old', 0],
				['lost', 0],
				['repeated', 0],
			]);
		},
	);
});
