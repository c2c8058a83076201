import { compareKeys, firstDifference } from './keyOrder';

/** Parts of a step at the first difference of two keys that still tell how far apart they are. */
const PRECISION = 1e-5;
/** Characters beyond ASCII that may follow on those seen. */
const FURTHER_UNITS = 1024;
/** Names of a page that are looked at. */
const SAMPLE = 100;

/** Behind every key of a common prefix. */
export const LAST_CHARACTER = '\u{10FFFF}';

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();

/** The UTF-16 units that may come at each position, in order. */
type Alphabets = number[][];

/**
 * What the keys seen so far say of those not seen yet: keys are read like numbers whose digits are
 * the characters that come at each position. It only guesses where to look; nothing that is listed
 * depends on its being right.
 */
export class KeySpace {
	private readonly seen: Alphabets = [];
	/** From this position on the characters have gone round at least once, so all have been seen. */
	private complete = Infinity;

	/** @param fixed characters that all keys have in common: the length of the prefix of the listing */
	constructor(readonly fixed: number) {}

	/** Learns from a page, which has all names from its first to its last; a page has at least two. */
	pageOf(names: readonly string[]): KeyPage {
		const from = names[0] ?? '';
		const to = names.at(-1) ?? '';
		const lead = firstDifference(from, to);
		const sample = sampleOf(names);
		const here: Alphabets = [];
		for (const name of sample) note(here, name);
		for (const name of sample) note(this.seen, name);
		// Between the first and the last character at `lead` the others have gone round once.
		const complete = lead + ((here[lead]?.length ?? 0) > 2 ? 1 : 2);
		this.complete = Math.min(this.complete, complete);
		return new KeyPage(this, { from, to, count: names.length, lead, complete }, sample, here);
	}

	/** The characters that were seen at a position, if those are all there are. */
	allAt(position: number): number[] | undefined {
		return position >= this.complete ? this.seen[position] : undefined;
	}
}

interface Ends {
	readonly from: string;
	readonly to: string;
	/** Names on the page. */
	readonly count: number;
	/** Where the first and the last name begin to differ. */
	readonly lead: number;
	/** From this position on the page has all characters that come in its part of the listing. */
	readonly complete: number;
}

/** A page as a measure of the part of the listing behind it. */
export class KeyPage {
	private readonly length: number;
	private readonly digits = new Map<number, number[]>();

	constructor(
		private readonly space: KeySpace,
		private readonly ends: Ends,
		private readonly sample: readonly string[],
		private readonly here: Alphabets,
	) {
		this.length = this.distance(ends.from, ends.to);
	}

	/**
	 * The name behind which the listing goes on after as many further entries, if they lie as close as
	 * those of this page.
	 * @returns undefined where there is no such name or no telling
	 */
	nameAfter(entries: number): string | undefined {
		if (!(this.length > 0)) return undefined;
		const { to, count } = this.ends;
		const name = this.plus(to, (this.length * entries) / count);
		return name !== undefined && compareKeys(name, to) > 0 ? name : undefined;
	}

	/** How many entries there are between this page and a name behind it; NaN if there is no telling. */
	entriesUpTo(name: string): number {
		return (this.distance(this.ends.to, name) / this.length) * this.ends.count;
	}

	/** A name behind all that begin as those of this page do. */
	top(): string {
		const { lead, to } = this.ends;
		const last = this.digitsAt(lead).at(-1);
		return (
			to.slice(0, lead) + (last === undefined ? '' : String.fromCharCode(last)) + LAST_CHARACTER
		);
	}

	private digitsAt(position: number): number[] {
		const seen = this.here[position] ?? [];
		if (position >= this.ends.complete) return seen;
		const known = this.digits.get(position);
		if (known !== undefined) return known;
		const possible = possibleBeside(seen, position, this.sample);
		const all = this.space.allAt(position);
		const digits = all === undefined ? possible : possible.filter((unit) => all.includes(unit));
		this.digits.set(position, digits);
		return digits;
	}

	private radixAt(position: number): number {
		return this.digitsAt(position).length || 1;
	}

	/** How far `b` is from `a`, in steps of the character at `lead`. */
	private distance(a: string, b: string): number {
		const { lead } = this.ends;
		const start = firstDifference(a, b);
		let weight = 1;
		for (let i = lead; i > start; i--) weight *= this.radixAt(i);
		for (let i = lead + 1; i <= start; i++) weight /= this.radixAt(i);
		const end = Math.max(a.length, b.length);
		let sum = 0;
		for (let i = start; i < end && (weight > PRECISION || i <= lead); i++) {
			const digits = this.digitsAt(i);
			sum += weight * (rankOf(digits, b, i) - rankOf(digits, a, i));
			weight /= this.radixAt(i + 1);
		}
		return sum;
	}

	/** The name that is `steps` steps of the character at `lead` behind `name`. */
	private plus(name: string, steps: number): string | undefined {
		const { lead } = this.ends;
		let value = steps;
		let weight = 1;
		for (let i = lead; i < name.length && weight > PRECISION; i++) {
			value += weight * rankOf(this.digitsAt(i), name, i);
			weight /= this.radixAt(i + 1);
		}
		const whole = Math.floor(value);
		const head = this.carried(name, whole);
		return head === undefined ? undefined : wellFormed(head + this.tail(name, value - whole));
	}

	/** The characters up to and with `lead`, when the one there is set to a digit that may be too large. */
	private carried(name: string, digit: number): string | undefined {
		const { lead } = this.ends;
		let rest = '';
		let carry = digit;
		for (let i = lead; i >= this.space.fixed; i--) {
			const digits = this.digitsAt(i);
			const radix = this.radixAt(i);
			const value = i === lead ? carry : carry + rankOf(digits, name, i);
			carry = Math.floor(value / radix);
			rest = characterOf(digits, value % radix, name, i) + rest;
			if (carry === 0) return name.slice(0, i) + rest;
		}
		return undefined;
	}

	/** The characters behind `lead` for a part of a step. */
	private tail(name: string, part: number): string {
		let rest = '';
		let value = part;
		let weight = 1;
		for (let i = this.ends.lead + 1; weight > PRECISION; i++) {
			const digits = this.digitsAt(i);
			if (digits.length === 0) break;
			weight /= digits.length;
			value *= digits.length;
			const digit = Math.min(digits.length - 1, Math.floor(value));
			rest += characterOf(digits, digit, name, i);
			value -= digit;
		}
		return rest;
	}
}

/** What may come at a position of which only some characters were seen: others of their kind. */
function possibleBeside(seen: number[], position: number, names: readonly string[]): number[] {
	const first = seen[0];
	const last = seen.at(-1);
	if (first === undefined || last === undefined) return seen;
	if (first > 0x7f) return unitsBetween(first, last + FURTHER_UNITS);
	let kinds = '';
	// The rest of the word tells of its kind.
	for (const name of names) kinds += wordAt(name, position);
	const alphabet = Array.from(alphabetOf(kinds), (digit) => digit.charCodeAt(0));
	return [...new Set([...alphabet, ...seen])].sort((a, b) => a - b);
}

/** The letters and digits from a position on. */
function wordAt(name: string, position: number): string {
	let end = position;
	while (isAlphanumeric(name.charCodeAt(end))) end++;
	return name.slice(position, end);
}

function sampleOf(names: readonly string[]): string[] {
	const step = Math.max(1, Math.floor(names.length / SAMPLE));
	return names.filter((_, i) => i % step === 0 || i === names.length - 1);
}

function note(alphabets: Alphabets, name: string): void {
	for (let i = 0; i < name.length; i++) {
		const units = (alphabets[i] ??= []);
		const unit = name.charCodeAt(i);
		const at = lowerBound(units, unit);
		if (units[at] !== unit) units.splice(at, 0, unit);
	}
}

function characterOf(digits: number[], rank: number, name: string, position: number): string {
	const unit = digits[rank];
	return unit === undefined ? name.slice(position, position + 1) : String.fromCharCode(unit);
}

function rankOf(digits: number[], name: string, position: number): number {
	return position < name.length ? lowerBound(digits, name.charCodeAt(position)) : 0;
}

function lowerBound(units: number[], unit: number): number {
	let low = 0;
	let high = units.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((units[middle] ?? 0) < unit) low = middle + 1;
		else high = middle;
	}
	return low;
}

function isAlphanumeric(unit: number): boolean {
	return (
		(unit >= 0x30 && unit < 0x3a) || (unit >= 0x41 && unit < 0x5b) || (unit >= 0x61 && unit < 0x7b)
	);
}

/** The digits of the kinds of numbers and words that these characters belong to, in order. */
function alphabetOf(characters: string): string {
	const digits = /\d/.test(characters);
	const lower = /[a-z]/.test(characters);
	const upper = /[A-Z]/.test(characters);
	if (digits && !/[g-zG-Z]/.test(characters) && lower !== upper) {
		return DIGITS + (lower ? 'abcdef' : 'ABCDEF');
	}
	return (digits ? DIGITS : '') + (upper ? UPPER : '') + (lower ? LOWER : '');
}

/** Never a half of a character beyond U+FFFF. */
function unitsBetween(first: number, last: number): number[] {
	const length = Math.max(1, Math.min(last, 0xd7ff) - first + 1);
	return Array.from({ length }, (_, i) => first + i);
}

/** Half of a character beyond U+FFFF would be sent as another character. */
function wellFormed(name: string): string {
	return name.replace(
		/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
		'',
	);
}
