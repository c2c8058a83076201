import { createHash } from 'node:crypto';
import { BenchN8n } from '../BenchN8n';
import { BUILT_IN, OURS } from '../contenders';
import type { Lab } from '../lab';
import type { KeySet, Measured, Task } from '../Report';
import { inTurn } from './Bench';
import type { Bench } from './Bench';

const RUNS = 5;
const KEYS = 100_000;
/** For the curve of time against length. */
const FEWER_KEYS = [1000, 10_000];
/** Milliseconds. */
const ROUND_TRIPS = [0, 20, 50];

/** Listings as items, of keys that are spread evenly and of keys that are almost all in one place. */
export async function list(bench: Bench): Promise<void> {
	const { runs = RUNS, keys = KEYS } = bench.options;
	const contenders = [await bench.n8n(OURS), await bench.n8n(BUILT_IN)];
	const tasks = ROUND_TRIPS.flatMap((roundTrip) =>
		(['even', 'skewed'] as const).map((keySet) => ({ keys, keySet, roundTrip })),
	);
	const fewer = bench.options.keys === undefined ? FEWER_KEYS : [];
	const curve = fewer.map((length) => ({ keys: length, keySet: 'even', roundTrip: 0 }) as const);
	for (const each of [...curve, ...tasks]) {
		const task: Task = { operation: 'list', ...each };
		for (let i = 0; i < runs; i++) {
			for (const n8n of inTurn(contenders, i)) {
				const measured = await listOnce(await bench.lab(), n8n, each, i === 0);
				bench.record(task, n8n.contender.name, measured);
			}
		}
	}
}

/** @param first the one that memory is measured of too, which takes two more executions */
async function listOnce(
	lab: Lab,
	n8n: BenchN8n,
	{ keys, keySet, roundTrip }: { keys: number; keySet: KeySet; roundTrip: number },
	first: boolean,
): Promise<Measured> {
	const prefix = await fillKeys(lab, keySet, keys);
	const server = await lab.at(roundTrip);
	const parameters = n8n.contender.list(lab.bucket, prefix);
	const workflowId = await n8n.workflow(server, [], parameters);
	const { execution, ...measured } = await (first
		? n8n.measure(workflowId)
		: n8n.runAsItIs(workflowId));
	const found = BenchN8n.itemsOf(execution).length;
	if (found !== keys) throw new Error(`${prefix} has ${keys} keys, and ${found} were listed`);
	await n8n.forget();
	return measured;
}

/**
 * Puts a key set on the server, if it is not there; gives its prefix. It is put in order: of keys put
 * in any other the store has its index scattered over its memory, and reading that is then most of what
 * everybody waits for.
 */
export async function fillKeys(lab: Lab, keySet: KeySet, keys: number): Promise<string> {
	const prefix = `${keySet}-${keys}/`;
	await lab.fill(prefix, keyNames(keySet, keys).sort(), 'x');
	return prefix;
}

/**
 * Names without a slash, which n8n's own node would not list. Even ones are random hexadecimal digits;
 * of the skewed ones 98 of 100 are days' backups behind one long common beginning, the others are spread.
 */
function keyNames(keySet: KeySet, keys: number): string[] {
	return Array.from({ length: keys }, (_, i) => {
		const random = createHash('sha256').update(String(i)).digest('hex').slice(0, 32);
		if (keySet === 'even' || i % 50 === 0) return random;
		const day = String(1 + (i % 28)).padStart(2, '0');
		return `nightly-backups-of-the-production-database-2024-11-${day}-${String(i).padStart(7, '0')}`;
	});
}
