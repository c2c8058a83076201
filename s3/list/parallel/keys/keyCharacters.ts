import { firstDifference } from '../../keyOrder';
import { FURTHER_CHARACTERS } from '../tuning';
import { calendarOf } from './keyDates';

/** UTF-16 units in order, each once. */
export type Characters = readonly number[];

/** The characters that occur at each position of some names. */
export type CharactersAt = readonly Characters[];

const unitsOf = (text: string): number[] =>
	Array.from(text, (character) => character.charCodeAt(0));

const DIGITS = unitsOf('0123456789');
const UPPER = unitsOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const LOWER = unitsOf('abcdefghijklmnopqrstuvwxyz');
const LOWER_HEX = unitsOf('0123456789abcdef');
const UPPER_HEX = unitsOf('0123456789ABCDEF');

/** Flags of what occurs in a word. */
const DIGIT = 1;
const UPPER_TO_F = 2;
const UPPER_FROM_G = 4;
const LOWER_TO_F = 8;
const LOWER_FROM_G = 16;

/** The characters that names have at each position. */
export function charactersOf(names: readonly string[]): CharactersAt {
	const characters: number[][] = [];
	let previous = '';
	for (const name of names) {
		const same = firstDifference(previous, name);
		previous = name;
		for (let i = same; i < name.length; i++) {
			insert((characters[i] ??= []), name.charCodeAt(i));
		}
	}
	return characters;
}

/**
 * The characters that may occur at a position at which some were seen: others of their kind, as of hexadecimal
 * digits, upper case letters, days of a month.
 * @param names with what follows there, as the rest of a word shows its kind
 */
export function likelyCharacters(
	seen: Characters,
	position: number,
	names: readonly string[],
): Characters {
	const first = seen[0];
	const last = seen.at(-1);
	if (first === undefined || last === undefined) return seen;
	const calendar = calendarOf(seen);
	if (calendar !== undefined) return union(calendar, seen);
	if (first > 0x7f) return unitsBetween(first, last + FURTHER_CHARACTERS);
	let flags = 0;
	for (const unit of seen) flags |= flagOf(unit);
	for (const name of names) flags |= flagsOfWord(name, position);
	return union(charactersWith(flags), seen);
}

export function union(a: Characters, b: Characters): Characters {
	if (b.every((unit) => a.includes(unit))) return a;
	const all = [...a];
	for (const unit of b) insert(all, unit);
	return all;
}

export const unionAt = (a: CharactersAt, b: CharactersAt): CharactersAt =>
	Array.from({ length: Math.max(a.length, b.length) }, (_, i) => union(a[i] ?? [], b[i] ?? []));

function insert(units: number[], unit: number): void {
	const at = lowerBound(units, unit);
	if (units[at] === unit) return;
	// `splice` would allocate an array for what it removes, which is nothing.
	units.push(unit);
	units.copyWithin(at + 1, at);
	units[at] = unit;
}

/** Index of the first unit that is not below another one. */
export function lowerBound(units: Characters, unit: number): number {
	let low = 0;
	let high = units.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((units[middle] ?? 0) < unit) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** The class of a character: digits, upper case, lower case, beyond ASCII; others are a class of their own. */
export function classOf(unit: number): number {
	if (unit >= 0x30 && unit < 0x3a) return 0x30;
	if (unit >= 0x41 && unit < 0x5b) return 0x41;
	if (unit >= 0x61 && unit < 0x7b) return 0x61;
	return Math.min(unit, 0x80);
}

/** The flag of a digit or letter; 0 for any other character. */
function flagOf(unit: number): number {
	switch (classOf(unit)) {
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

/** The flags of the digits and letters from a position on. */
function flagsOfWord(name: string, position: number): number {
	let flags = 0;
	for (let i = position; i < name.length; i++) {
		const flag = flagOf(name.charCodeAt(i));
		if (flag === 0) break;
		flags |= flag;
	}
	return flags;
}

/** The digits of the numbers, or the letters of the words, that have what these flags say. */
function charactersWith(flags: number): Characters {
	if (flags === (DIGIT | LOWER_TO_F)) return LOWER_HEX;
	if (flags === (DIGIT | UPPER_TO_F)) return UPPER_HEX;
	return [
		...(flags & DIGIT ? DIGITS : []),
		...(flags & (UPPER_TO_F | UPPER_FROM_G) ? UPPER : []),
		...(flags & (LOWER_TO_F | LOWER_FROM_G) ? LOWER : []),
	];
}

/** Without surrogates, which are halves of characters beyond U+FFFF. */
function unitsBetween(first: number, last: number): Characters {
	const length = Math.max(1, Math.min(last, 0xd7ff) - first + 1);
	return Array.from({ length }, (_, i) => first + i);
}
