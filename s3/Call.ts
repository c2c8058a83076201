import type { RetryBudget } from './RetryBudget';

/** What every task is told besides its request. */
export interface Call {
	/** Stops the task; required so that no caller forgets it. */
	signal: AbortSignal | undefined;
	/** Milliseconds for which what failed is repeated; 0: not at all; undefined: see `RetryBudget`. */
	retryFor?: number | undefined;
	/** The time for repetitions that all requests of one transfer share; undefined: each has its own. */
	budget?: RetryBudget | undefined;
}
