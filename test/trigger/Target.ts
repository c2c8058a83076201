/** What a writer cannot do on a server. */
type Lack =
	/** The clock of the server is ours, and nobody can set it. */
	| 'clock'
	/** Every object has the date at which its write has ended, so that none appears with an old one. */
	| 'oldDates';

/** A bucket that a writer writes to. */
export interface Target {
	readonly bucket: string;
	readonly lacks: readonly Lack[];
	/**
	 * Puts an object.
	 * @param content whose ETag it has
	 * @param secondsAgo when its write began, whose date it has; 0 where old dates are lacking
	 */
	put(key: string, content: string, secondsAgo: number): Promise<void>;
	delete(key: string): Promise<void>;
	/**
	 * Begins an upload in parts, and gives what ends it.
	 * @param secondsAgo when it began, whose date its object has; 0 where old dates are lacking
	 */
	beginUpload(key: string, secondsAgo: number): Promise<() => Promise<void>>;
	/** Lets time pass: so many seconds, or less of ours where nobody can set the clock. */
	passTime(seconds: number): Promise<void>;
	/** All objects that are there. */
	objects(): Promise<ObjectThere[]>;
}

/** What an object is told apart by. */
export interface ObjectThere {
	key: string;
	etag?: string | undefined;
	lastModified?: string | undefined;
}

/** The same as text. */
export const identityOf = ({ key, etag, lastModified }: ObjectThere): string =>
	`${key} ${String(etag)} ${String(lastModified)}`;
