import type { INode } from 'n8n-workflow';
import { node } from '../../servers/n8n/sample';
import { BenchN8n } from '../BenchN8n';
import { BUILT_IN, OURS } from '../contenders';
import type { Lab } from '../lab';
import type { Measured, Task } from '../Report';
import { inTurn } from './Bench';
import type { Bench } from './Bench';

const RUNS = 3;
const ITEMS = 2000;
/** For the curve of time against items. */
const FEWER_ITEMS = [10, 50, 200];
/** Beside the default: what suits many small objects far off. */
const CONCURRENCY = 32;
const TEXT = 'thirty-six bytes for a small object.';

type SmallTask = Task & { operation: 'put' | 'get'; items: number; roundTrip: number };

/** Small objects at no distance and at 20 ms, one for each item. */
export async function small(bench: Bench): Promise<void> {
	const { items = ITEMS } = bench.options;
	const contenders = [await bench.n8n(OURS), await bench.n8n(BUILT_IN)];
	const fewer = bench.options.items === undefined ? FEWER_ITEMS : [];
	const tasks = [
		...fewer.map((number) => ({ items: number, roundTrip: 20 })),
		{ items, roundTrip: 0 },
		{ items, roundTrip: 20 },
	];
	const lab = await bench.lab();
	const names = Array.from({ length: Math.max(items, ...fewer) }, (_, i) => String(i));
	await lab.fill('small/', names, TEXT);
	for (const each of tasks) {
		for (const operation of ['put', 'get'] as const) {
			const task = { operation, ...each };
			const wide = { ...task, concurrency: CONCURRENCY };
			const both = each.items === items && each.roundTrip > 0 ? [task, wide] : [task];
			for (let i = 0; i < (bench.options.runs ?? RUNS); i++) {
				for (const n8n of inTurn(contenders, i)) {
					const runs = runsOf(bench, n8n, each.roundTrip);
					if (i < runs) await moveInEach(bench, n8n, both);
				}
			}
		}
	}
}

/** The built-in node has no concurrency: what it did once stands beside ours with and without. */
async function moveInEach(bench: Bench, n8n: BenchN8n, tasks: SmallTask[]): Promise<void> {
	const { contender } = n8n;
	let measured: Measured | undefined;
	for (const task of tasks) {
		if (measured === undefined || contender === OURS) {
			measured = await move(await bench.lab(), n8n, task);
		}
		bench.record(task, contender.name, measured);
	}
}

/** The built-in node takes minutes at a distance, so there it runs once. */
function runsOf({ options }: Bench, { contender }: BenchN8n, roundTrip: number): number {
	return options.runs ?? (contender === BUILT_IN && roundTrip > 0 ? 1 : RUNS);
}

/**
 * Moves one object for each item. What n8n keeps of it stays until the end: Linux makes new files several
 * times as slowly for minutes after some thousand were removed.
 */
async function move(
	lab: Lab,
	n8n: BenchN8n,
	{ operation, items, roundTrip, concurrency }: SmallTask,
): Promise<Measured> {
	const { contender } = n8n;
	const parameters = {
		...(operation === 'put'
			? contender.putText(lab.bucket, '=put/{{ $json.n }}', TEXT)
			: contender.get(lab.bucket, '=small/{{ $json.n }}')),
		...(concurrency === undefined ? {} : { options: { concurrency } }),
	};
	const server = await lab.at(roundTrip);
	const workflowId = await n8n.workflow(server, itemSource(items), parameters);
	// One run of the minutes that the built-in node takes tells both.
	const isLong = contender === BUILT_IN && roundTrip > 0;
	const run = isLong ? n8n.run(workflowId) : n8n.measure(workflowId);
	const { execution, seconds, memory } = await run;
	const found = BenchN8n.itemsOf(execution).length;
	if (found !== items) throw new Error(`${items} items went in, and ${found} came out`);
	return { seconds, memory };
}

/** Nodes that give items with the numbers from 0. */
function itemSource(items: number): Partial<INode>[] {
	const numbers = { n: Array.from({ length: items }, (_, i) => i) };
	const set = { mode: 'raw', jsonOutput: JSON.stringify(numbers), options: {} };
	return [
		{ ...node('Numbers', 1, 'n8n-nodes-base.set', set), typeVersion: 3.4 },
		node('Items', 2, 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'n', options: {} }),
	];
}
