import { compareKeys } from '../list/keyOrder';

/** What is known of a prefix between two polls. It is JSON, and has at most 400,000 characters. */
export interface WindowState {
	/** Objects modified at this second or before are known, without being in `seen`; 0: all are in it. */
	floor: number;
	/** The objects that are known, see `encode`. */
	seen: string;
	/** Those that were known and missing from the last scan: one that is back as it was is known. */
	gone?: string;
	/** The uploads that were open at the last scan; null if they cannot be listed, undefined if they need not. */
	uploads?: string | null;
	/** Server's time in seconds: what was there then is read past; 0: until now. Undefined once that is done. */
	beginning?: number;
	/** The pattern of the keys that are known; undefined: all keys. */
	pattern?: string;
	/** The keys that the pattern before that one left out, until a scan of all has ended with the new one. */
	outside?: Outside;
	/** A scan that goes on with the next poll. */
	scan?: ScanState;
}

/** Keys that another pattern left out. */
interface Outside {
	pattern: string;
	/** Server's time in seconds: what of these keys was there then is read past; 0: until now. */
	beginning: number;
}

interface ScanState {
	/** Server's time in seconds. */
	begun: number;
	/** The last key that was read. */
	after: string;
	/** `floor` of the next scan, as far as it is known. */
	floor: number;
	/** The objects up to `after` that are known; `seen` of the next scan. */
	seen: string;
	/** The uploads that were open at its beginning. */
	uploads?: string | null;
	/** The keys up to this one have been met before: `floor` says of them, too, what is known. */
	passed?: string;
	/** The oldest date of what was left to the next scan, in seconds. */
	waiting?: number;
}

/** What is known if a scan that goes on has to meet all objects again, without forgetting what it has met. */
export function rewound(state: WindowState): WindowState {
	const { scan } = state;
	if (scan === undefined) return state;
	const { after, passed = '' } = scan;
	return {
		...state,
		scan: { ...scan, after: '', passed: compareKeys(after, passed) > 0 ? after : passed },
	};
}

/**
 * What is known if keys have to match a pattern. Objects that another one has left out so far are not known, but they
 * were there.
 * @param existing whether what was there counts as new
 */
export function withPattern(
	{ pattern: before, outside, ...state }: WindowState,
	pattern: string | undefined,
	existing: boolean,
): WindowState {
	const own = pattern === undefined ? {} : { pattern };
	if (before === pattern) return { ...state, ...own, ...(outside && { outside }) };
	const left = outside ?? (before === undefined ? undefined : { pattern: before, beginning: 0 });
	return { ...rewound(state), ...own, ...(left && !existing && { outside: left }) };
}
