import type { BenchN8n } from '../BenchN8n';
import type { Contender } from '../contenders';
import type { Lab } from '../lab';
import type { Machine, Measured, Run, Task } from '../Report';

/** What there is to be compared, in one order and then in the other, so that none is always the first. */
export function inTurn<Each>(all: readonly Each[], run: number): Each[] {
	return run % 2 === 0 ? [...all] : [...all].reverse();
}

/** How much is to be measured; what is undefined, each case knows best. */
export interface Amounts {
	runs: number | undefined;
	/** Small objects, instead of several numbers up to 2,000. */
	items: number | undefined;
	/** Keys listed, instead of several numbers up to 100,000. */
	keys: number | undefined;
	/** MiB of the one object that `large` moves, instead of several sizes up to 1,024. */
	mebibytes: number | undefined;
}

/** What a case works with. */
export interface Bench {
	options: Amounts;
	/** Tools that are on this machine. */
	installed: Pick<Machine, 'awsCli' | 'curl'>;
	lab(): Promise<Lab>;
	/** A warm n8n for a contender that is measured in turn with others, ended with the case at the latest. */
	n8n(contender: Contender): Promise<BenchN8n>;
	/** One that is measured alone, before its first use. */
	coldN8n(contender: Contender): Promise<BenchN8n>;
	/** Ends those that are there. */
	stopN8n(): Promise<void>;
	record(task: Task, contender: Run['contender'], measured: Measured): void;
}
