import { setImmediate as nextTurn } from 'node:timers/promises';

/** Characters that are read and parsed at once: tens of milliseconds of the worst. */
const PIECE = 64 * 1024;

/** Lists and objects in each other. n8n works through items by recursion, which ends at some thousands. */
const MAX_DEPTH = 1000;

/** Lists and objects of a text. Those of 64 MiB could take two gigabytes. */
const MOST_CONTAINERS = 10_000_000;

/** Fields of an object. V8 moves all of them at once when it makes room for more: these in 0.2 s, twice as many in 0.4 s. */
const MOST_FIELDS = 2_500_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [LIST, END_OF_LIST, OBJECT, END_OF_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** What a text says, or why it was not parsed, in words that follow its name. */
export type ParsedJson = { value: unknown; why?: undefined } | { value?: undefined; why: string };

/**
 * Parses JSON as `JSON.parse` does, but lets n8n do its other work in between: an honest text of 64 MiB takes a second, one
 * that was made for it half a minute.
 *
 * @param piece characters that are parsed at once
 * @throws what the signal was aborted with
 */
export async function parseJson(
	text: string,
	signal?: AbortSignal,
	piece = PIECE,
): Promise<ParsedJson> {
	const pieces = new JsonPieces(text, piece);
	try {
		while (pieces.readOn()) {
			await nextTurn();
			signal?.throwIfAborted();
		}
		return { value: pieces.end() };
	} catch (error) {
		return refusal(error);
	}
}

class TooMuch extends Error {}

/** @throws every error that does not tell of the text */
function refusal(error: unknown): { why: string } {
	if (error instanceof TooMuch) return { why: error.message };
	if (error instanceof SyntaxError) return { why: 'is not JSON' };
	throw error;
}

/** A list or an object that is larger than a piece, as far as it has been parsed. */
interface Large {
	readonly value: object;
	/** The code of its end. */
	readonly end: number;
	/** Adds members; tells how many there were. */
	add(members: string): number;
	/** Adds a member that is large itself; `before` is what stands between the last comma and its value. */
	addLarge(before: string, value: object): void;
}

class LargeList implements Large {
	readonly value: unknown[] = [];
	readonly end = END_OF_LIST;

	add(members: string): number {
		const parsed = JSON.parse(`[${members}]`) as unknown[];
		for (const member of parsed) this.value.push(member);
		return parsed.length;
	}

	addLarge(before: string, value: object): void {
		JSON.parse(`[${before}[]]`);
		this.value.push(value);
	}
}

class LargeObject implements Large {
	readonly value = {};
	readonly end = END_OF_OBJECT;
	private count = 0;

	add(members: string): number {
		const parsed = JSON.parse(`{${members}}`) as object;
		const names = Object.keys(parsed);
		this.count += names.length;
		if (this.count > MOST_FIELDS) {
			throw new TooMuch('has more than 2,500,000 fields in one object of its JSON');
		}
		// To assign this name would change what the object inherits from.
		if (!names.includes('__proto__')) Object.assign(this.value, parsed);
		else for (const [name, value] of Object.entries(parsed)) this.set(name, value);
		return names.length;
	}

	addLarge(before: string, value: object): void {
		const [name = ''] = Object.keys(JSON.parse(`{${before}[]}`) as object);
		this.set(name, value);
	}

	private set(name: string, value: unknown): void {
		const property = { value, configurable: true, enumerable: true, writable: true };
		Object.defineProperty(this.value, name, property);
	}
}

/** What may follow: members or the end, after a comma only members, after a large member only a comma or the end. */
type Next = 'any' | 'member' | 'end';

/**
 * Looks for the commas, brackets and braces of JSON, and has `JSON.parse` parse what is between them: as many members of
 * a list or object at once as fit into a piece. A member that is larger by itself is gone into.
 */
class JsonPieces {
	/** The lists and objects around `at` that were gone into. The value of the text is the only member of the first. */
	private readonly large: Large[] = [];
	private readonly whole = new LargeList();
	/** Where the lists and objects begin that are around `at` as well, in those. */
	private readonly opened: number[] = [];
	/** Where the members begin that `at` is in: that of the last large one, and those of all that are opened. */
	private readonly members = [0];
	private at = 0;
	private isText = false;
	/** Where begins what was not parsed yet. */
	private start = 0;
	private next: Next = 'member';
	private containers = 0;

	constructor(
		private readonly text: string,
		private readonly piece: number,
	) {}

	/** Reads a piece more; tells whether there is another one. */
	readOn(): boolean {
		const { text, opened, members } = this;
		const end = Math.min(this.at + this.piece, text.length);
		let { at, isText } = this;
		for (; at < end; at++) {
			const code = text.charCodeAt(at);
			if (isText) {
				if (code === BACKSLASH) at += 1;
				else if (code === QUOTE) isText = false;
			} else if (code === QUOTE) isText = true;
			else if (code === COMMA) {
				members[opened.length] = at + 1;
				if (opened.length === 0 && this.next === 'end') this.parse();
			} else if (code === LIST || code === OBJECT) this.open(at);
			else if (code === END_OF_LIST || code === END_OF_OBJECT) {
				if (opened.length === 0) this.leave(at, code);
				else {
					opened.pop();
					members.pop();
				}
			}
		}
		Object.assign(this, { at, isText });
		this.parse();
		while (opened.length > 0 && at - this.start > this.piece) {
			this.enter();
			this.parse();
		}
		return at < text.length;
	}

	/** The value of the text, after its last piece. */
	end(): unknown {
		if (this.large.length > 0) throw new SyntaxError();
		this.add(this.text.length);
		const { value } = this.whole;
		if (value.length !== 1) throw new SyntaxError();
		return value[0];
	}

	private open(at: number): void {
		this.opened.push(at);
		this.members.push(at + 1);
		this.containers += 1;
		if (this.containers > MOST_CONTAINERS) {
			throw new TooMuch('has more than 10,000,000 lists and objects in its JSON');
		}
		if (this.large.length + this.opened.length > MAX_DEPTH) {
			throw new TooMuch(
				'has more than 1,000 lists and objects one inside the other, which n8n cannot hand on',
			);
		}
	}

	/** Parses the members that are whole. */
	private parse(): void {
		const [member = 0] = this.members;
		if (member <= this.start) return;
		// No list or object begins with a comma.
		if (this.next === 'any') this.next = 'member';
		this.add(member - 1);
		this.start = member;
		this.next = 'member';
	}

	/** Adds what there is up to a comma or an end to the list or object that it is in. */
	private add(end: number): void {
		const count = this.last.add(this.text.slice(this.start, end));
		if (this.next === (count === 0 ? 'member' : 'end')) throw new SyntaxError();
	}

	/** Goes into the first list or object that is opened. */
	private enter(): void {
		const at = this.opened.shift() ?? 0;
		this.members.shift();
		if (this.next === 'end') throw new SyntaxError();
		const entered = this.text.charCodeAt(at) === LIST ? new LargeList() : new LargeObject();
		this.last.addLarge(this.text.slice(this.start, at), entered.value);
		this.large.push(entered);
		this.start = at + 1;
		this.next = 'any';
	}

	/** Ends the list or object that was gone into last. */
	private leave(at: number, code: number): void {
		this.add(at);
		if (this.large.pop()?.end !== code) throw new SyntaxError();
		this.start = at + 1;
		this.next = 'end';
	}

	private get last(): Large {
		return this.large.at(-1) ?? this.whole;
	}
}
