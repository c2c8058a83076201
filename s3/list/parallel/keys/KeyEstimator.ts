import { alphabetsOf, lowerBound, possibleBeside, union } from './keyCharacters';
import type { Alphabets } from './keyCharacters';
import { withDateUnits, withoutDateUnits } from './keyDates';
import { KeyFamilies, alphabetsBehind, areAlike } from './keyShapes';
import { compareKeys, firstDifference } from '../../keyOrder';

/** Parts of a step at the first difference of two keys that still tell how far apart they are. */
const PRECISION = 1e-5;
/** Names of a page that are looked at, and those that tell of what kinds of characters its words are. */
const SAMPLE = 50;
const WORDS = 10;
/** Names that still tell how close those behind them lie. */
const FEWEST = 100;

/** Behind every key of a common prefix. */
export const LAST_CHARACTER = '\u{10FFFF}';

/**
 * What the keys seen so far say of those not seen yet: keys are read like numbers whose digits are
 * the characters that come at each position. It only guesses where to look; nothing that is listed
 * depends on its being right.
 */
export class KeySpace {
	private readonly families = new KeyFamilies();

	/** @param prefix what all keys begin with */
	constructor(private readonly prefix: string) {}

	/**
	 * Learns from a page, which has all names from its first to its last; a page has at least two. Where
	 * it goes from names of one form to others, as from folder to folder, its end is the measure.
	 */
	pageOf(names: readonly string[]): KeyPage {
		const code = codeFor(names);
		const sample = sampleOf(names, SAMPLE).map(code);
		const from = sample[0] ?? '';
		const to = sample.at(-1) ?? '';
		const lead = firstDifference(from, to);
		const here = alphabetsOf(sample);
		const behind = alphabetsBehind(lead, here, sample, turnAt(lead, names, code));
		this.families.notePage(sample, lead, here, behind);
		const tail = names.slice(names.length >> 1);
		const beginsAlike = firstDifference(code(tail[0] ?? ''), to);
		// By more than the next character.
		if (tail.length >= FEWEST && beginsAlike > lead + 1 && !areAlike(from, to, lead)) {
			return this.pageOf(tail);
		}
		return new KeyPage({
			fixed: code(this.prefix).length,
			code,
			ends: { from, to, count: names.length, lead },
			sample: sampleOf(sample, WORDS),
			here,
			behind,
			families: this.families,
		});
	}

	/** Learns that there is nothing between a place in the listing and the first name behind it. */
	gap(after: string, first: string): void {
		this.families.noteGap(after, first);
	}
}

/** How the names of a page are read: with their dates, if all have one. */
function codeFor(names: readonly string[]): (name: string) => string {
	const sample = sampleOf(names, WORDS);
	return sample.every((name) => withDateUnits(name) !== name) ? withDateUnits : (name) => name;
}

/** The names on both sides of where the character at `lead` changes for the first time. */
function turnAt(
	lead: number,
	names: readonly string[],
	code: (name: string) => string,
): [string, string] {
	const unit = code(names[0] ?? '').charCodeAt(lead);
	let before = 0;
	let behind = names.length - 1;
	while (behind - before > 1) {
		const middle = (before + behind) >> 1;
		if (code(names[middle] ?? '').charCodeAt(lead) === unit) before = middle;
		else behind = middle;
	}
	return [code(names[before] ?? ''), code(names[behind] ?? '')];
}

/** What is known of a page; of its names as they are read. */
interface Known {
	/** Characters that all keys have in common. */
	fixed: number;
	/** Reads a name. */
	code: (name: string) => string;
	ends: {
		from: string;
		to: string;
		/** Names on the page. */
		count: number;
		/** Where the first and the last name begin to differ. */
		lead: number;
	};
	sample: readonly string[];
	/** The characters that its names have at each position. */
	here: Alphabets;
	/** All that come at the positions behind `lead`. */
	behind: Alphabets;
	families: KeyFamilies;
}

/** A page as a measure of the part of the listing behind it. */
export class KeyPage {
	private readonly length: number;
	/** Of the positions up to `lead`, as long as nothing more is known than with that version. */
	private readonly digits = new Map<number, readonly number[]>();
	private version = -1;

	constructor(private readonly known: Known) {
		this.length = this.distance(known.ends.from, known.ends.to);
	}

	/**
	 * The name behind which the listing goes on after as many further entries, if they lie as close as
	 * those of this page.
	 * @returns undefined where there is no such name or no telling
	 */
	nameAfter(entries: number): string | undefined {
		if (!(this.length > 0)) return undefined;
		const { to, count } = this.known.ends;
		const name = this.plus(to, (this.length * entries) / count);
		return name !== undefined && compareKeys(name, withoutDateUnits(to)) > 0 ? name : undefined;
	}

	/** How many entries there are between this page and a name behind it; NaN if there is no telling. */
	entriesUpTo(name: string): number {
		const { code, ends } = this.known;
		return (this.distance(ends.to, code(name)) / this.length) * ends.count;
	}

	/** A name behind all that begin as those of this page do. */
	top(): string {
		const { lead, to } = this.known.ends;
		const last = this.digitsAt(lead).at(-1);
		const beginning = to.slice(0, lead) + (last === undefined ? '' : String.fromCharCode(last));
		return withoutDateUnits(beginning) + LAST_CHARACTER;
	}

	private digitsAt(position: number): readonly number[] {
		const { ends, sample, here, behind, families } = this.known;
		if (position > ends.lead) return behind[position] ?? [];
		if (this.version !== families.version) this.digits.clear();
		this.version = families.version;
		const computed = this.digits.get(position);
		if (computed !== undefined) return computed;
		const seen = here[position] ?? [];
		const possible = possibleBeside(seen, position, sample);
		const digits = union(seen, families.expectedAt(position, ends.to, possible));
		this.digits.set(position, digits);
		return digits;
	}

	private radixAt(position: number): number {
		return this.digitsAt(position).length || 1;
	}

	/** How far `b` is from `a`, in steps of the character at `lead`. */
	private distance(a: string, b: string): number {
		const { lead } = this.known.ends;
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
		const { lead } = this.known.ends;
		let value = steps;
		let weight = 1;
		for (let i = lead; i < name.length && weight > PRECISION; i++) {
			value += weight * rankOf(this.digitsAt(i), name, i);
			weight /= this.radixAt(i + 1);
		}
		const whole = Math.floor(value);
		const head = this.carried(name, whole);
		return head === undefined
			? undefined
			: wellFormed(withoutDateUnits(head + this.tail(name, value - whole)));
	}

	/** The characters up to and with `lead`, when the one there is set to a digit that may be too large. */
	private carried(name: string, digit: number): string | undefined {
		const { fixed, ends } = this.known;
		const { lead } = ends;
		let rest = '';
		let carry = digit;
		for (let i = lead; i >= fixed; i--) {
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
		for (let i = this.known.ends.lead + 1; weight > PRECISION; i++) {
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

function sampleOf(names: readonly string[], size: number): string[] {
	const step = Math.max(1, Math.floor(names.length / size));
	const sample: string[] = [];
	for (let i = 0; i < names.length - 1; i += step) sample.push(names[i] ?? '');
	return sample.concat(names.slice(-1));
}

function characterOf(
	digits: readonly number[],
	rank: number,
	name: string,
	position: number,
): string {
	const unit = digits[rank];
	return unit === undefined ? name.slice(position, position + 1) : String.fromCharCode(unit);
}

function rankOf(digits: readonly number[], name: string, position: number): number {
	return position < name.length ? lowerBound(digits, name.charCodeAt(position)) : 0;
}

/** Half of a character beyond U+FFFF would be sent as another character. */
function wellFormed(name: string): string {
	return name.replace(
		/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
		'',
	);
}
