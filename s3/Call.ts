/** What every task is told besides its request. */
export interface Call {
	/** Stops the task; required so that no caller forgets it. */
	signal: AbortSignal | undefined;
}
