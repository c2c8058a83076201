const [NONE, MARK, QUOTE, BACKSLASH] = [0, 1, 2, 3];

/** What a byte is in JSON. */
const KINDS = new Uint8Array(256);
for (const mark of '[]{},:') KINDS[mark.charCodeAt(0)] = MARK;
KINDS['"'.charCodeAt(0)] = QUOTE;
KINDS['\\'.charCodeAt(0)] = BACKSLASH;

/**
 * Counts the brackets, braces, commas and colons of JSON outside of its texts, while it comes. The time and the memory
 * that `JSON.parse` takes go by them: of a few MiB of `[],[],` it makes gigabytes. What follows a mistake may be counted
 * wrong, but nobody parses that.
 */
export class JsonMarks {
	private count = 0;
	private isText = false;
	private isEscaped = false;

	/** @param most marks that the JSON may have */
	constructor(private readonly most: number) {}

	/** Counts those of the bytes that come next; tells whether there are still no more than there may be. */
	areWithin(bytes: Uint8Array): boolean {
		let { count, isText, isEscaped } = this;
		for (let at = 0; at < bytes.length; at++) {
			const kind = KINDS[bytes[at] ?? 0];
			if (isEscaped) isEscaped = false;
			else if (kind === NONE) continue;
			else if (kind === QUOTE) isText = !isText;
			else if (!isText) count += kind === MARK ? 1 : 0;
			else isEscaped = kind === BACKSLASH;
		}
		Object.assign(this, { count, isText, isEscaped });
		return count <= this.most;
	}
}
