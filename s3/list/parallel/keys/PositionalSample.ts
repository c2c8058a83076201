import { compareKeys, firstDifference } from '../../keyOrder';
import { PRECISION } from '../tuning';
import { likelyCharacters, lowerBound, union } from './keyCharacters';
import type { Characters, CharactersAt } from './keyCharacters';
import { unpackDates } from './keyDates';
import type { DensitySample } from './KeyEstimator';
import type { KeyShapes } from './keyShapes';

/** What is known of the names on a page, with their dates packed if all of them have one. */
export interface PageNames {
	/** Characters of the prefix of the listing. */
	fixed: number;
	/** Packs the dates of a name as those of the page are. */
	pack: (name: string) => string;
	first: string;
	last: string;
	/** Names on the page. */
	count: number;
	/** The position at which the first and the last name differ first. */
	lead: number;
	/** Some of the names. */
	words: readonly string[];
	/** The characters that were seen at each position. */
	seen: CharactersAt;
	/** All characters at the positions after `lead`. */
	after: CharactersAt;
	shapes: KeyShapes;
}

/**
 * Measures how far apart two names are in steps. A step is from one character at `lead` to the next one;
 * the characters before and after it count as the digits of a number do.
 */
export class PositionalSample implements DensitySample {
	/** Steps from the first to the last name. */
	private readonly length: number;
	/** Digits at the positions up to `lead`, as they are with one version of the shapes. */
	private readonly digits = new Map<number, Characters>();
	private version = -1;

	constructor(private readonly page: PageNames) {
		this.length = this.distance(page.first, page.last);
	}

	keyAfter(entries: number): string | undefined {
		if (!(this.length > 0)) return undefined;
		const { last, count } = this.page;
		const name = this.plus(last, (this.length * entries) / count);
		return name !== undefined && compareKeys(name, unpackDates(last)) > 0 ? name : undefined;
	}

	entriesUpTo(key: string): number {
		const { pack, last, count } = this.page;
		return (this.distance(last, pack(key)) / this.length) * count;
	}

	private digitsAt(position: number): Characters {
		const { last, lead, words, seen, after, shapes } = this.page;
		if (position > lead) return after[position] ?? [];
		if (this.version !== shapes.version) this.digits.clear();
		this.version = shapes.version;
		const known = this.digits.get(position);
		if (known !== undefined) return known;
		const here = seen[position] ?? [];
		const likely = likelyCharacters(here, position, words);
		const digits = union(here, shapes.expectedAt(position, last, likely));
		this.digits.set(position, digits);
		return digits;
	}

	private radixAt(position: number): number {
		return this.digitsAt(position).length || 1;
	}

	/** Steps from `a` to `b`. */
	private distance(a: string, b: string): number {
		const { lead } = this.page;
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

	/** The name that is so many steps after another one; undefined if none with the prefix is. */
	private plus(name: string, steps: number): string | undefined {
		let value = steps;
		let weight = 1;
		for (let i = this.page.lead; i < name.length && weight > PRECISION; i++) {
			value += weight * rankOf(this.digitsAt(i), name, i);
			weight /= this.radixAt(i + 1);
		}
		const whole = Math.floor(value);
		const head = this.carried(name, whole);
		if (head === undefined) return undefined;
		return withoutHalves(unpackDates(head + this.tail(name, value - whole)));
	}

	/** The characters up to `lead` with a digit there that may exceed the radix and is carried then. */
	private carried(name: string, digit: number): string | undefined {
		const { fixed, lead } = this.page;
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

	/** The characters after `lead` for a part of a step. */
	private tail(name: string, part: number): string {
		let rest = '';
		let value = part;
		let weight = 1;
		for (let i = this.page.lead + 1; weight > PRECISION; i++) {
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

function characterOf(digits: Characters, rank: number, name: string, position: number): string {
	const unit = digits[rank];
	return unit === undefined ? name.slice(position, position + 1) : String.fromCharCode(unit);
}

/** How many digits come before that of a name. */
function rankOf(digits: Characters, name: string, position: number): number {
	return position < name.length ? lowerBound(digits, name.charCodeAt(position)) : 0;
}

/** Half of a character beyond U+FFFF would be sent as another character. */
function withoutHalves(name: string): string {
	return name.replace(
		/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
		'',
	);
}
