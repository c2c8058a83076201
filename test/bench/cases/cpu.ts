import { runPlain } from '../plain';
import { inTurn } from './Bench';
import type { Bench } from './Bench';
import { fillKeys } from './list';

const RUNS = 5;
const KEYS = 100_000;

/** What a listing costs of the processor, against the SDK's own paginator; each in a bare Node process. */
export async function cpu(bench: Bench): Promise<void> {
	const { runs = RUNS, keys = KEYS } = bench.options;
	const lab = await bench.lab();
	const key = await fillKeys(lab, 'even', keys);
	const job = { operation: 'list', key, file: '', keys } as const;
	for (let i = 0; i < runs; i++) {
		for (const contender of inTurn(['plain', 'sdk'] as const, i)) {
			const task = { operation: 'list', keys, keySet: 'even' } as const;
			bench.record(task, contender, await runPlain(lab, { ...job, contender }));
		}
	}
}
