import { LruMap } from '../../../LruMap';
import { MAX_SHAPES } from '../tuning';
import { charactersOf, classOf, likelyCharacters, union, unionAt } from './keyCharacters';
import type { Characters, CharactersAt } from './keyCharacters';
import { calendarOf, unpackDates } from './keyDates';

/** What is known of the keys with one beginning. */
interface Shape {
	readonly prefix: string;
	/** All characters at the positions after the first one at which the keys differ. */
	readonly characters: CharactersAt;
}

/**
 * Remembers which characters occur at which position of keys with one beginning, if a page has shown all of
 * them, and expects the same of keys with other beginnings if their characters are of the same classes: the
 * files of one folder tell what those of the next folders look like.
 */
export class KeyShapes {
	/** How often something was learned. */
	version = 0;
	private readonly shapes = new LruMap<string, Shape>(MAX_SHAPES);

	/**
	 * Learns from names in order.
	 * @param lead the position at which the first and the last name differ first
	 * @param after the characters after `lead`, if the names are alike: see `charactersAfter`
	 */
	observe(names: readonly string[], lead: number, after: CharactersAt): void {
		const first = names[0] ?? '';
		const last = names.at(-1) ?? '';
		const characters =
			charactersBetween(lead, names) ?? (haveOneForm(first, last, lead) ? after : undefined);
		if (characters === undefined) return;
		const prefix = last.slice(0, lead);
		const known = this.shapes.get(prefix)?.characters ?? [];
		this.shapes.set(prefix, { prefix, characters: unionAt(known, characters) });
		this.version += 1;
	}

	/** Which of the characters that are likely at a position of a name are to be expected there. */
	expectedAt(position: number, name: string, likely: Characters): Characters {
		const shapes = [...this.shapes.values()].filter(
			(shape) => shape.prefix.length < position && fits(name, shape),
		);
		if (shapes.length === 0) return likely;
		return likely.filter((unit) =>
			shapes.some(({ characters }) => characters[position]?.includes(unit)),
		);
	}
}

/** Whether the characters of a name are of the same classes as those of a shape, where these differ. */
function fits(name: string, { prefix, characters }: Shape): boolean {
	if (name.length <= prefix.length) return false;
	for (let i = prefix.length + 1; i < name.length; i++) {
		const wanted = classOf(name.charCodeAt(i));
		if (characters[i]?.some((unit) => classOf(unit) === wanted) !== true) return false;
	}
	return true;
}

/** Whether two names have one form after a position, such as `2024/01/01-0a.gz` and `2024/01/02-b1.gz`. */
export function haveOneForm(a: string, b: string, position: number): boolean {
	const form = (name: string) =>
		unpackDates(name.slice(position + 1)).replaceAll(/[0-9A-Za-z]/g, '0');
	return form(a) === form(b);
}

/**
 * All characters that occur at the positions after `lead`, at which the first and the last name of a page
 * differ first. With three characters or more at `lead` all others were seen with the one in the middle. With
 * two, only the names around the change from one to the other tell where the next position begins and ends.
 * @param seen the characters of the sample
 * @param turn the names before and after that change
 */
export function charactersAfter(
	lead: number,
	seen: CharactersAt,
	sample: readonly string[],
	turn: readonly [string, string],
): CharactersAt {
	const after = seen.map((units, i) => (i > lead ? wholeCalendar(units) : []));
	const next = seen.findIndex((units, i) => i > lead && units.length > 1);
	if ((seen[lead]?.length ?? 0) > 2 || next === -1) return after;
	const highest = turn[0].charCodeAt(next);
	// A name that ends here comes before all those that go on.
	const lowest = next < turn[1].length ? turn[1].charCodeAt(next) : 0;
	const seenNext = seen[next] ?? [];
	const likely = likelyCharacters(seenNext, next, sample);
	after[next] = union(
		seenNext,
		likely.filter((unit) => unit >= lowest && unit <= highest),
	);
	for (let i = next + 1, isWhole = seenNext.length > 2; i < after.length && !isWhole; i++) {
		const units = seen[i] ?? [];
		isWhole = units.length > 2;
		if (units.length > 1) after[i] = likelyCharacters(units, i, []);
	}
	return after;
}

/** A page hardly has all values of a field of a date that differs from name to name. */
const wholeCalendar = (units: Characters): Characters =>
	units.length > 1 ? union(units, calendarOf(units) ?? []) : units;

/**
 * The characters after `lead` of the names whose character there is neither that of the first name nor that
 * of the last one; undefined if there are none. Of these names a page has all.
 */
function charactersBetween(lead: number, names: readonly string[]): CharactersAt | undefined {
	const first = names[0]?.charCodeAt(lead);
	const last = names.at(-1)?.charCodeAt(lead);
	const whole = names.filter((name) => ![first, last].includes(name.charCodeAt(lead)));
	if (whole.length === 0) return undefined;
	return charactersOf(whole).map((units, i) => (i > lead ? units : []));
}
