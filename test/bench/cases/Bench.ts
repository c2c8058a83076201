import type { BenchN8n } from '../BenchN8n';
import type { Contender } from '../contenders';
import type { Lab } from '../lab';
import type { Machine, Measured, Run, Task } from '../Report';
import type { Options } from '../options';

/** What there is to be compared, in one order and then in the other, so that none is always the first. */
export function inTurn<Each>(all: readonly Each[], run: number): Each[] {
	return run % 2 === 0 ? [...all] : [...all].reverse();
}

/** What a case works with. */
export interface Bench {
	options: Pick<Options, 'runs' | 'items' | 'keys' | 'mebibytes'>;
	/** Tools that are on this machine. */
	installed: Pick<Machine, 'awsCli' | 'curl'>;
	lab(): Promise<Lab>;
	/** An n8n of its own for a contender, warm, ended with the case at the latest. */
	n8n(contender: Contender): Promise<BenchN8n>;
	/** The same before its first use. */
	coldN8n(contender: Contender): Promise<BenchN8n>;
	/** Ends those that are there. */
	stopN8n(): Promise<void>;
	record(task: Task, contender: Run['contender'], measured: Measured): void;
}
