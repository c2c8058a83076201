import type { ListedObject } from '../list/ListedEntry';

/** What is watched, and what of it is emitted. */
export interface WatchRequest {
	bucket: string;
	/** What all keys begin with. */
	prefix: string | undefined;
	/** A glob for the whole key, see `keyGlob`. */
	keyMatches: string | undefined;
	/** Objects at most. */
	maxObjects: number;
	/** Seconds that an object must not have been modified for. */
	minAge: number;
	/** Whether an object that replaces another of its key counts; not if keys grow in order. */
	changes: boolean;
	/** Whether the write of an object is known from elsewhere, so that it is not to be found. */
	isKnown?: ((object: ListedObject) => boolean) | undefined;
	/** Who pays, and whose bucket it must be. */
	caller: { requestPayer: boolean; expectedBucketOwner: string | undefined };
}

/** What one poll has found, and what is known after it. */
export interface Found<State> {
	objects: ListedObject[];
	state: State;
	/** Server's time in seconds. */
	time: number;
	/** Whether an object that has appeared, and is old enough, may have been left to the next poll. */
	hasLeft: boolean;
	/** Sentences for people about what may be missed. */
	warnings: string[];
}
