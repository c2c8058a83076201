import {
	alphabetsOf,
	isAlphanumeric,
	kindOf,
	possibleBeside,
	union,
	unionOfEach,
} from './keyCharacters';
import type { Alphabets } from './keyCharacters';
import { calendarOf, withoutDateUnits } from './keyDates';
import { firstDifference } from '../../keyOrder';
import { LruMap } from '../../../LruMap';

/** Families and ceilings that are remembered, of each. */
const MOST = 32;

/** Names that begin alike and differ from then on. */
interface Family {
	readonly prefix: string;
	/** All characters that come behind the first that differs. */
	readonly behind: Alphabets;
}

/** The highest character at a position of names with one beginning. */
interface Ceiling {
	/** A name of those beginnings, up to before the position. */
	readonly name: string;
	/** Where names with another beginning differ from this one. */
	readonly from: number;
	readonly unit: number;
}

/**
 * Which characters come at which position of keys, as far as pages show all of them, and as far as the
 * gaps between keys show that there are no others: of days of the month none begins with a 4. What holds
 * in one folder is expected of others whose names have the same kinds of characters.
 */
export class KeyFamilies {
	/** How often something was learned. */
	version = 0;
	private readonly families = new LruMap<string, Family>(MOST);
	private readonly ceilings = new LruMap<string, Ceiling>(MOST);
	/** The characters of all names that were looked at. */
	private seen: Alphabets = [];

	/**
	 * Learns from names, of which the first and the last first differ at `lead`.
	 * @param here the characters they have
	 * @param behind all that come behind `lead` between the first and the last of them
	 */
	notePage(names: readonly string[], lead: number, here: Alphabets, behind: Alphabets): void {
		const from = names[0] ?? '';
		const to = names.at(-1) ?? '';
		this.seen = unionOfEach(this.seen, here);
		const whole = wholeBehind(lead, names) ?? (areAlike(from, to, lead) ? behind : undefined);
		if (whole === undefined) return;
		const prefix = to.slice(0, lead);
		const known = this.families.get(prefix)?.behind ?? [];
		this.remember(this.families, prefix, { prefix, behind: unionOfEach(known, whole) });
	}

	/** Learns that there is no name between two: those that begin as the first does have ended before. */
	noteGap(after: string, first: string): void {
		const from = firstDifference(after, first);
		let position = from + 1;
		while (position < after.length && !isAlphanumeric(after.charCodeAt(position))) position++;
		if (position >= after.length) return;
		const beginning = after.slice(0, position);
		const unit = after.charCodeAt(position);
		const known = this.ceilings.get(beginning)?.unit ?? Infinity;
		if (unit < known) this.remember(this.ceilings, beginning, { name: beginning, from, unit });
	}

	/** Which of the characters that are possible at a position of a name are to be expected there. */
	expectedAt(position: number, name: string, possible: readonly number[]): number[] {
		const families = [...this.families.values()].filter(
			(family) => family.prefix.length < position && isOf(family, name),
		);
		if (families.length > 0) {
			return possible.filter((u) => families.some(({ behind }) => behind[position]?.includes(u)));
		}
		const ceilings = [...this.ceilings.values()].filter((ceiling) =>
			isUnder(ceiling, name, position),
		);
		const lowest = Math.min(...ceilings.map(({ unit }) => unit));
		return possible.filter((unit) => unit <= lowest || this.seen[position]?.includes(unit));
	}

	private remember<What>(all: LruMap<string, What>, beginning: string, what: What): void {
		this.version += 1;
		all.set(beginning, what);
	}
}

/** Whether a name has the same kinds of characters as those of a family where these differ. */
function isOf({ prefix, behind }: Family, name: string): boolean {
	if (name.length <= prefix.length) return false;
	for (let i = prefix.length + 1; i < name.length; i++) {
		const kind = kindOf(name.charCodeAt(i));
		if (behind[i]?.some((unit) => kindOf(unit) === kind) !== true) return false;
	}
	return true;
}

function isUnder({ name, from }: Ceiling, other: string, position: number): boolean {
	return (
		name.length === position &&
		other.startsWith(name.slice(0, from)) &&
		haveKinds(name, other, from)
	);
}

/** Whether the characters of two names behind a position are of the same kinds, up to the end of the first. */
function haveKinds(a: string, b: string, position: number): boolean {
	for (let i = position + 1; i < a.length; i++) {
		if (kindOf(a.charCodeAt(i)) !== kindOf(b.charCodeAt(i))) return false;
	}
	return true;
}

/** Whether two names have the same form behind a position, such as `2024/01/01-0a.gz` and `2024/01/02-b1.gz`. */
export function areAlike(a: string, b: string, position: number): boolean {
	const form = (name: string) =>
		withoutDateUnits(name.slice(position + 1)).replaceAll(/[0-9A-Za-z]/g, '0');
	return form(a) === form(b);
}

/**
 * All characters that come at each position behind `lead`, where the first and the last name begin to
 * differ: there the characters have gone round. With only two characters at `lead` the next position
 * that differs has not been seen from one end to the other, but its ends have.
 * @param turn the names before and behind the first change at `lead`
 */
export function alphabetsBehind(
	lead: number,
	here: Alphabets,
	sample: readonly string[],
	turn: readonly [string, string],
): Alphabets {
	const behind = here.map((units, i) => (i > lead ? wholeCalendar(units) : []));
	const next = here.findIndex((units, i) => i > lead && units.length > 1);
	if ((here[lead]?.length ?? 0) > 2 || next === -1) return behind;
	const [highest, lowest] = [turn[0].charCodeAt(next), turn[1].charCodeAt(next)];
	const seen = here[next] ?? [];
	const between = possibleBeside(seen, next, sample).filter((u) => u >= lowest && u <= highest);
	behind[next] = union(seen, between);
	for (let i = next + 1, whole = seen.length > 2; i < behind.length && !whole; i++) {
		const units = here[i] ?? [];
		whole = units.length > 2;
		if (units.length > 1) behind[i] = possibleBeside(units, i, []);
	}
	return behind;
}

/** Of a field that differs from name to name a page has hardly all values. */
const wholeCalendar = (units: readonly number[]): readonly number[] =>
	units.length > 1 ? union(units, calendarOf(units) ?? []) : units;

/**
 * The characters behind `lead` of the names with one between the first and the last at `lead`: of those
 * alone all names are there.
 */
function wholeBehind(lead: number, names: readonly string[]): Alphabets | undefined {
	const first = names[0]?.charCodeAt(lead);
	const last = names.at(-1)?.charCodeAt(lead);
	const whole = names.filter((name) => ![first, last].includes(name.charCodeAt(lead)));
	if (whole.length === 0) return undefined;
	return alphabetsOf(whole).map((units, i) => (i > lead ? units : []));
}
