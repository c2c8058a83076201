import { calendarOf } from './keyDates';
import { firstDifference } from './keyOrder';

/** Characters beyond ASCII that may follow on those seen. */
const FURTHER_UNITS = 1024;

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();

/** The UTF-16 units that may come at each position, in order. */
export type Alphabets = number[][];

/** The characters that names have at each position. */
export function alphabetsOf(names: readonly string[]): Alphabets {
	const alphabets: Alphabets = [];
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
): number[] {
	const first = seen[0];
	const last = seen.at(-1);
	if (first === undefined || last === undefined) return [...seen];
	const calendar = calendarOf(seen);
	if (calendar !== undefined) return union(calendar, seen);
	if (first > 0x7f) return unitsBetween(first, last + FURTHER_UNITS);
	let kinds = String.fromCharCode(...seen);
	// The rest of the word tells of its kind.
	for (const name of names) kinds += wordAt(name, position);
	return union(
		Array.from(alphabetOf(kinds), (digit) => digit.charCodeAt(0)),
		seen,
	);
}

/** What is in one of two alphabets, in order. */
export function union(a: number[], b: readonly number[]): number[] {
	if (b.every((unit) => a.includes(unit))) return a;
	const all = [...a];
	for (const unit of b) insert(all, unit);
	return all;
}

export const unionOfEach = (a: Alphabets, b: Alphabets): Alphabets =>
	Array.from({ length: Math.max(a.length, b.length) }, (_, i) => union(a[i] ?? [], b[i] ?? []));

function insert(units: number[], unit: number): void {
	const at = lowerBound(units, unit);
	if (units[at] !== unit) units.splice(at, 0, unit);
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

/** The letters and digits from a position on. */
function wordAt(name: string, position: number): string {
	let end = position;
	while (isAlphanumeric(name.charCodeAt(end))) end++;
	return name.slice(position, end);
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
