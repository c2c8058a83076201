import { OURS } from '../contenders';
import { loadedIn } from '../loading';
import { median } from '../statistics';
import type { Bench } from './Bench';

const RUNS = 5;
/** Executions after the first one, with which it is compared. */
const LATER = 5;
/** n8n takes its time to start. */
const STARTS = 5;

/** What the package adds to n8n's start, and what its first use takes longer than later ones. */
export async function load(bench: Bench): Promise<void> {
	const { runs = RUNS } = bench.options;
	for (let i = 0; i < runs; i++) bench.record({ operation: 'load' }, 'ours', await loadedIn());
	const lab = await bench.lab();
	await lab.fill('first/', ['a', 'b', 'c'], 'x');
	for (let i = 0; i < Math.min(runs, STARTS); i++) {
		const n8n = await bench.coldN8n(OURS);
		const workflowId = await n8n.workflow(lab.server, [], OURS.list(lab.bucket, 'first/'));
		const first = await n8n.run(workflowId);
		const later: number[] = [];
		for (let j = 0; j < LATER; j++) later.push((await n8n.run(workflowId)).seconds);
		const seconds = first.seconds - median(later);
		bench.record({ operation: 'firstUse' }, 'ours', { seconds, memory: first.memory });
	}
}
