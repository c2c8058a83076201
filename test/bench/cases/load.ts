import { setTimeout as sleep } from 'node:timers/promises';
import { OURS } from '../contenders';
import { loadedIn } from '../loading';
import { median } from '../statistics';
import type { Bench } from './Bench';

const RUNS = 5;
/** Executions after the first one, with which it is compared. */
const LATER = 5;
/** n8n takes its time to start. */
const STARTS = 5;
/**
 * Milliseconds until V8 has collected what n8n's start has left. It does so up to three times when n8n has
 * nothing to do, eight seconds apart, and stops n8n for a third of a second: in a first use by chance.
 */
const UNTIL_AT_REST = 30_000;

/** What the package adds to n8n's start, and what its first use takes longer than later ones. */
export async function load(bench: Bench): Promise<void> {
	const { runs = RUNS } = bench.options;
	for (let i = 0; i < runs; i++) bench.record({ operation: 'load' }, 'ours', await loadedIn());
	const lab = await bench.lab();
	await lab.fill('first/', ['a', 'b', 'c'], 'x');
	for (let i = 0; i < Math.min(runs, STARTS); i++) {
		const n8n = await bench.coldN8n(OURS);
		const workflowId = await n8n.workflow(lab.server, [], OURS.list(lab.bucket, 'first/'));
		await sleep(UNTIL_AT_REST);
		const first = await n8n.runAsItIs(workflowId);
		const later: number[] = [];
		for (let j = 0; j < LATER; j++) later.push((await n8n.runAsItIs(workflowId)).seconds);
		const seconds = first.seconds - median(later);
		bench.record({ operation: 'firstUse' }, 'ours', { seconds });
	}
}
