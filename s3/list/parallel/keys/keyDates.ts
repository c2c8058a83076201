/** A field of a date. In a packed name its two digits are one character, from `first` on. */
interface Field {
	readonly first: number;
	/** The least and the greatest value in a calendar. */
	readonly least: number;
	readonly most: number;
}

/** In the order in which dates have them: months, days, hours, minutes, seconds. The characters are for private use. */
const FIELDS: readonly Field[] = [
	{ first: 0xf000, least: 1, most: 12 },
	{ first: 0xf080, least: 1, most: 31 },
	{ first: 0xf100, least: 0, most: 23 },
	{ first: 0xf180, least: 0, most: 59 },
	{ first: 0xf200, least: 0, most: 59 },
];
const VALUES = 100;
const PACKED = /[\uf000-\uf063\uf080-\uf0e3\uf100-\uf163\uf180-\uf1e3\uf200-\uf263]/g;

/** Two digits that are no part of a longer number or word; a T may come before a time, and a Z after it. */
const PAIR = String.raw`\d\d(?![\dA-SU-Ya-z])`;
const TIME = `[T/_. -]${PAIR}(?:([:._-])${PAIR}(?:\\2${PAIR})?)?`;
/** `2024/01/31/23` or `2024-01-31T23:59:59`, with one separator in the date and one in the time. */
const SEPARATED = `([-/_.])${PAIR}(?:\\1${PAIR}(?:${TIME})?)?`;
/** `year=2024/month=01/day=31` */
const PARTITIONS = `(?:/[A-Za-z]{1,8}=${PAIR}){1,5}`;
/** `20240131`, `20240131T2359` or `20240131235959` */
const COMPACT = String.raw`\d{4}(?:\d\d){0,3}(?:[T_-](?:\d\d){2,3})?(?!\d)`;
/** A year and pairs of digits. Their values are not checked, so that names of one form are all packed alike. */
const DATE = new RegExp(
	String.raw`(?<!\d)(?:19|20)\d\d(?:${SEPARATED}|${PARTITIONS}|${COMPACT})`,
	'g',
);

/** A name with each month, day, hour, minute and second of its dates as one character; the order stays the same. */
export function packDates(name: string): string {
	return name.replace(DATE, (date) => {
		let field = 0;
		const year = date.slice(0, 4);
		return year + date.slice(4).replace(/\d\d/g, (pair) => packed(FIELDS[field++], pair));
	});
}

function packed(field: Field | undefined, pair: string): string {
	return field === undefined ? pair : String.fromCharCode(field.first + Number(pair));
}

/** The name that was packed. */
export function unpackDates(name: string): string {
	return name.replace(PACKED, (unit) => String(unit.charCodeAt(0) & 0x7f).padStart(2, '0'));
}

/**
 * All values that a field of a date has, if some characters are values of it: those of the calendar, or all
 * pairs of digits if one of them is not in the calendar. Undefined if the characters are not packed.
 */
export function calendarOf(units: readonly number[]): number[] | undefined {
	const field = FIELDS.find(({ first }) => isFieldFrom(first, units[0]));
	if (field === undefined) return undefined;
	const { first, least, most } = field;
	const values = units.map((unit) => unit - first);
	const isCalendar = values.every((value) => value >= least && value <= most);
	return isCalendar ? unitsOf(first, least, most) : unitsOf(first, 0, VALUES - 1);
}

const isFieldFrom = (first: number, unit = 0): boolean => unit >= first && unit < first + VALUES;

const unitsOf = (first: number, least: number, most: number): number[] =>
	Array.from({ length: most - least + 1 }, (_, i) => first + least + i);
