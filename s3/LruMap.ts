/** A map that keeps the entries used last: of more than `limit` the one unused for longest is dropped. */
export class LruMap<Key, Value> {
	/** The entry unused for longest comes first. */
	private readonly entries = new Map<Key, Value>();

	/** @param limit entries, at least 1 */
	constructor(private readonly limit: number) {}

	/** Looks for an entry without using it. */
	has(key: Key): boolean {
		return this.entries.has(key);
	}

	/** Gives a value and makes its entry the one used last. */
	get(key: Key): Value | undefined {
		const value = this.entries.get(key);
		if (value !== undefined) this.set(key, value);
		return value;
	}

	/** Sets a value and makes its entry the one used last. */
	set(key: Key, value: Value): void {
		this.entries.delete(key);
		this.entries.set(key, value);
		const [oldest] = this.entries.keys();
		if (this.entries.size > this.limit && oldest !== undefined) this.entries.delete(oldest);
	}

	delete(key: Key): boolean {
		return this.entries.delete(key);
	}

	/** All values, the one unused for longest first. */
	values(): IterableIterator<Value> {
		return this.entries.values();
	}
}
