/** One field of a date: its two digits are one character, from `first` on, in a name with date units. */
interface Field {
	readonly first: number;
	/** The values that a calendar has. */
	readonly least: number;
	readonly most: number;
}

/** Of private use, in the order in which dates have them: months, days, hours, minutes, seconds. */
const FIELDS: readonly Field[] = [
	{ first: 0xf000, least: 1, most: 12 },
	{ first: 0xf080, least: 1, most: 31 },
	{ first: 0xf100, least: 0, most: 23 },
	{ first: 0xf180, least: 0, most: 59 },
	{ first: 0xf200, least: 0, most: 59 },
];
const VALUES = 100;
const UNIT = /[\uf000-\uf063\uf080-\uf0e3\uf100-\uf163\uf180-\uf1e3\uf200-\uf263]/g;

/** Two digits that are no part of a longer number or word; a time begins with a T and may end with a Z. */
const PAIR = String.raw`\d\d(?![\dA-SU-Ya-z])`;
const TIME = `[T/_. -]${PAIR}(?:([:._-])${PAIR}(?:\\2${PAIR})?)?`;
/** As `2024/01/31/23` or `2024-01-31T23:59:59`, with the same separator between all that it separates. */
const SEPARATED = `([-/_.])${PAIR}(?:\\1${PAIR}(?:${TIME})?)?`;
/** As `year=2024/month=01/day=31`. */
const PARTITIONS = `(?:/[A-Za-z]{1,8}=${PAIR}){1,5}`;
/** As `20240131`, `20240131T2359` or `20240131235959`. */
const COMPACT = String.raw`\d{4}(?:\d\d){0,3}(?:[T_-](?:\d\d){2,3})?(?!\d)`;
/**
 * A year with what follows it in pairs of digits. What a pair is worth does not count, so that names of
 * one form are all taken alike.
 */
const DATE = new RegExp(
	String.raw`(?<!\d)(?:19|20)\d\d(?:${SEPARATED}|${PARTITIONS}|${COMPACT})`,
	'g',
);

/** The name with each month, day, hour, minute and second of a date as one character. */
export function withDateUnits(name: string): string {
	return name.replace(DATE, (date) => {
		let field = 0;
		const year = date.slice(0, 4);
		return year + date.slice(4).replace(/\d\d/g, (pair) => unitOf(FIELDS[field++], pair));
	});
}

function unitOf(field: Field | undefined, pair: string): string {
	return field === undefined ? pair : String.fromCharCode(field.first + Number(pair));
}

/** The name as it was before. */
export function withoutDateUnits(name: string): string {
	return name.replace(UNIT, (unit) => String(unit.charCodeAt(0) & 0x7f).padStart(2, '0'));
}

/** All that the calendar has where these are; all pairs of digits where one is none of the calendar. */
export function calendarOf(units: readonly number[]): number[] | undefined {
	const { first, least, most } = FIELDS.find((field) => isOf(field, units[0])) ?? {};
	if (first === undefined || least === undefined || most === undefined) return undefined;
	const values = units.map((unit) => unit - first);
	const isCalendar = values.every((value) => value >= least && value <= most);
	return isCalendar ? valuesOf(first, least, most) : valuesOf(first, 0, VALUES - 1);
}

const isOf = ({ first }: Field, unit = 0): boolean => unit >= first && unit < first + VALUES;

const valuesOf = (first: number, least: number, most: number): number[] =>
	Array.from({ length: most - least + 1 }, (_, i) => first + least + i);
