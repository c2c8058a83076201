/** What is to be found. */
export interface ScanRules {
	/** Whether an object that replaces another of its key is new. */
	changes: boolean;
	/** Seconds that an object must not have been modified for. */
	minAge: number;
	/** Numbers of keys that are new, whatever is known of them. */
	again: ReadonlySet<number>;
	/** Whether another pattern has left out a key until now, see `WindowState`. */
	isOutside?: (key: string) => boolean;
}

/** What to do with an object; `later`: it is new for the next scan, too. */
export type Verdict = 'new' | 'known' | 'later';
