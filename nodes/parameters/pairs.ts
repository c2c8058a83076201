import { S3Failure } from '../../s3/S3Failure';
import type { ParameterSource } from './ParameterSource';
import { checkEntered, gaveNothing, isExpression, readValue, shorten } from './read';

/** The name or value of a pair, and what was entered for it. */
interface Cell {
	readonly value: unknown;
	readonly entered: unknown;
}

/**
 * The pairs of a fixed collection of `name` and `value` as an object; undefined if there are none. Any
 * name is safe, also `__proto__`.
 *
 * @param name path of the list of pairs, e.g. `options.tags.tag`
 * @param label what one pair is called, e.g. `tag`
 * @throws {S3Failure} of kind `invalid` when a name is empty or occurs twice, or the expression of a value gave nothing
 */
export function readPairs(
	source: ParameterSource,
	name: string,
	label: string,
): Record<string, string> | undefined {
	const rows = readRows(source, name);
	const names = namesOf(rows, label);
	if (names.length === 0) return undefined;
	return Object.fromEntries(
		rows.map((row, position) => {
			const pairName = names[position] ?? '';
			return [
				pairName,
				textOfValue(row('value'), `the value of the ${label} ${shorten(pairName)}`),
			];
		}),
	);
}

/**
 * The names of such pairs, of which the values do not matter.
 *
 * @throws {S3Failure} of kind `invalid` when a name is empty or occurs twice
 */
export function readNames(source: ParameterSource, name: string, label: string): string[] {
	return namesOf(readRows(source, name), label);
}

function readRows(source: ParameterSource, name: string): ((cell: 'name' | 'value') => Cell)[] {
	const values = readValue(source, name);
	if (!Array.isArray(values)) return [];
	const entered = source.entered(name);
	return values.map((value: unknown, position) => (cell) => ({
		value: cellOf(value, cell),
		entered: Array.isArray(entered) ? cellOf(entered[position], cell) : undefined,
	}));
}

const cellOf = (row: unknown, cell: 'name' | 'value'): unknown =>
	(Object(row) as Partial<Record<typeof cell, unknown>>)[cell];

function namesOf(rows: ReturnType<typeof readRows>, label: string): string[] {
	const names = rows.map((row) => textOfName(row('name'), label));
	const twice = names.find((name, position) => names.indexOf(name) !== position);
	if (twice === undefined) return names;
	throw S3Failure.invalid(
		`The ${label} name ${shorten(twice)} is there twice`,
		`Give every ${label} name once.`,
	);
}

function textOfName({ value, entered }: Cell, label: string): string {
	const text = textOf(value).trim();
	if (text !== '') return text;
	checkEntered(entered, `the name of a ${label}`, false);
	throw S3Failure.invalid(`A ${label} has no name`, `Give the ${label} a name, or remove it.`);
}

/** An empty value can be meant; that of a field which the item does not have is not. */
function textOfValue({ value, entered }: Cell, what: string): string {
	if ((value === undefined || value === null) && isExpression(entered)) {
		throw S3Failure.invalid(
			gaveNothing(what, entered),
			"Correct the expression. If the value may be empty, say so with ?? '' at its end, as in {{ $json.note ?? '' }}.",
		);
	}
	return textOf(value);
}

function textOf(value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string' || typeof value === 'number') return String(value);
	const json = JSON.stringify(value);
	// A date is a text in JSON.
	return json.startsWith('"') ? String(JSON.parse(json)) : json;
}
