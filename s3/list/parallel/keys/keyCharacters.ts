import { calendarOf } from './keyDates';
import { firstDifference } from '../../keyOrder';

/** Characters beyond ASCII that may follow on those seen. */
const FURTHER_UNITS = 1024;

const unitsOf = (characters: string): number[] =>
	Array.from(characters, (character) => character.charCodeAt(0));

const DIGITS = unitsOf('0123456789');
const UPPER = unitsOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const LOWER = unitsOf('abcdefghijklmnopqrstuvwxyz');
const LOWER_HEX = unitsOf('0123456789abcdef');
const UPPER_HEX = unitsOf('0123456789ABCDEF');

/** What some characters have among them, as flags. */
const DIGIT = 1;
const UPPER_TO_F = 2;
const UPPER_FROM_G = 4;
const LOWER_TO_F = 8;
const LOWER_FROM_G = 16;

/** The UTF-16 units that may come at each position, in order. */
export type Alphabets = (readonly number[])[];

/** The characters that names have at each position. */
export function alphabetsOf(names: readonly string[]): Alphabets {
	const alphabets: number[][] = [];
	let previous = '';
	for (const name of names) {
		const same = firstDifference(previous, name);
		previous = name;
		for (let i = same; i < name.length; i++) {
			insert((alphabets[i] ??= []), name.charCodeAt(i));
		}
	}
	return alphabets;
}

/** What may come at a position of which only some characters were seen: others of their kind. */
export function possibleBeside(
	seen: readonly number[],
	position: number,
	names: readonly string[],
): readonly number[] {
	const first = seen[0];
	const last = seen.at(-1);
	if (first === undefined || last === undefined) return seen;
	const calendar = calendarOf(seen);
	if (calendar !== undefined) return union(calendar, seen);
	if (first > 0x7f) return unitsBetween(first, last + FURTHER_UNITS);
	let flags = 0;
	for (const unit of seen) flags |= flagOf(unit);
	// The rest of the word tells of its kind.
	for (const name of names) flags |= flagsOfWord(name, position);
	return union(alphabetOf(flags), seen);
}

/** What is in one of two alphabets, in order. */
export function union(a: readonly number[], b: readonly number[]): readonly number[] {
	if (b.every((unit) => a.includes(unit))) return a;
	const all = [...a];
	for (const unit of b) insert(all, unit);
	return all;
}

export const unionOfEach = (a: Alphabets, b: Alphabets): Alphabets =>
	Array.from({ length: Math.max(a.length, b.length) }, (_, i) => union(a[i] ?? [], b[i] ?? []));

function insert(units: number[], unit: number): void {
	const at = lowerBound(units, unit);
	if (units[at] === unit) return;
	// `splice` would make a list each time of what it removes, which is nothing.
	units.push(unit);
	units.copyWithin(at + 1, at);
	units[at] = unit;
}

/** Digits, letters and what is beyond ASCII are each of a kind, other characters of their own. */
export function kindOf(unit: number): number {
	if (unit >= 0x30 && unit < 0x3a) return 0x30;
	if (unit >= 0x41 && unit < 0x5b) return 0x41;
	if (unit >= 0x61 && unit < 0x7b) return 0x61;
	return Math.min(unit, 0x80);
}

export function isAlphanumeric(unit: number): boolean {
	return [0x30, 0x41, 0x61].includes(kindOf(unit));
}

/** Index of the first unit that is not below another. */
export function lowerBound(units: readonly number[], unit: number): number {
	let low = 0;
	let high = units.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((units[middle] ?? 0) < unit) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** The flag of a digit or letter; 0 for any other character. */
function flagOf(unit: number): number {
	switch (kindOf(unit)) {
		case 0x30:
			return DIGIT;
		case 0x41:
			return unit <= 0x46 ? UPPER_TO_F : UPPER_FROM_G;
		case 0x61:
			return unit <= 0x66 ? LOWER_TO_F : LOWER_FROM_G;
		default:
			return 0;
	}
}

/** Those of the letters and digits from a position on. */
function flagsOfWord(name: string, position: number): number {
	let flags = 0;
	for (let i = position; i < name.length; i++) {
		const flag = flagOf(name.charCodeAt(i));
		if (flag === 0) break;
		flags |= flag;
	}
	return flags;
}

/** The digits of the kinds of numbers and words that characters with these flags belong to, in order. */
function alphabetOf(flags: number): readonly number[] {
	if (flags === (DIGIT | LOWER_TO_F)) return LOWER_HEX;
	if (flags === (DIGIT | UPPER_TO_F)) return UPPER_HEX;
	return [
		...(flags & DIGIT ? DIGITS : []),
		...(flags & (UPPER_TO_F | UPPER_FROM_G) ? UPPER : []),
		...(flags & (LOWER_TO_F | LOWER_FROM_G) ? LOWER : []),
	];
}

/** Never a half of a character beyond U+FFFF. */
function unitsBetween(first: number, last: number): number[] {
	const length = Math.max(1, Math.min(last, 0xd7ff) - first + 1);
	return Array.from({ length }, (_, i) => first + i);
}
