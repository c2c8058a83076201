import {
	isResourceLocatorValue,
	tryToParseDateTime,
	type IExecuteFunctions,
	type IGetNodeParameterOptions,
} from 'n8n-workflow';

import { S3Failure } from '../../s3/S3Failure';
import type { Item } from '../run/operation';
import { plainTextOf } from './simpleExpression';

/** Where a parameter is read: an item of a run. */
export type ItemParameters = Pick<Item, 'node' | 'index' | 'json' | 'entered'>;

export interface Bounds {
	readonly min: number;
	readonly max: number;
	/** Takes whole numbers only. */
	readonly whole?: boolean;
}

/**
 * A parameter's text as it is, untrimmed, because spaces belong to keys; undefined where it is empty.
 * Numbers and booleans from expressions become text.
 *
 * @param name path of the parameter, e.g. `options.contentType`
 * @throws {S3Failure} of kind `invalid` when an expression gave an object or a list
 */
export function readText(item: ItemParameters, name: string): string | undefined {
	return scalar(name, readValue(item, name));
}

/**
 * The text that a resource locator stands for, as it is; undefined where it is empty.
 *
 * @throws {S3Failure} of kind `invalid` when an expression gave an object or a list
 */
export function readLocator(item: ItemParameters, name: string): string | undefined {
	return scalar(name, readValue(item, name, { extractValue: true }));
}

/**
 * A parameter's value, of whatever kind an expression gave. n8n takes many times as long to work it out
 * as to say what was entered, so it is not asked for what is plain to see.
 */
export function readValue(
	{ node, index, json, entered }: ItemParameters,
	name: string,
	options: IGetNodeParameterOptions = {},
): unknown {
	const value = entered(name);
	// None of our locators has a mode that takes only a part of what is entered.
	const text = isResourceLocatorValue(value) ? value.value : value;
	const plain = typeof text === 'string' ? plainTextOf(text, json) : undefined;
	return plain ?? node.getNodeParameter(name, index, '', options);
}

/** What was entered in a node, looked up once for all its items. */
export function enteredIn(node: IExecuteFunctions): Item['entered'] {
	const known = new Map<string, unknown>();
	return (name) => {
		if (known.has(name)) return known.get(name);
		// eslint-disable-next-line no-restricted-syntax -- before expressions it is the same for all items
		const value: unknown = node.getNodeParameter(name, 0, '', { rawExpressions: true });
		known.set(name, value);
		return value;
	};
}

function scalar(name: string, value: unknown): string | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	throw invalid(
		`${labelOf(name)} is not text but ${Array.isArray(value) ? 'a list' : 'an object'}`,
		`Give ${labelOf(name)} an expression that results in text.`,
	);
}

/**
 * A parameter's text with the spaces around it removed; undefined where nothing remains.
 *
 * @throws {S3Failure} of kind `invalid` when an expression gave an object or a list
 */
export function readTrimmed(item: ItemParameters, name: string): string | undefined {
	const text = readText(item, name)?.trim();
	return text === '' ? undefined : text;
}

/**
 * A number, also one that an expression gave as text; undefined where the field is empty.
 *
 * @throws {S3Failure} of kind `invalid` when it is no number within the bounds
 */
export function readNumber(
	item: ItemParameters,
	name: string,
	{ min, max, whole = false }: Bounds,
): number | undefined {
	const text = readTrimmed(item, name);
	if (text === undefined) return undefined;
	const number = Number(text);
	if (number >= min && number <= max && (!whole || Number.isInteger(number))) return number;
	const range = Number.isFinite(max)
		? `from ${formatNumber(min)} to ${formatNumber(max)}`
		: `of at least ${formatNumber(min)}`;
	throw invalid(
		`${labelOf(name)} must be a ${whole ? 'whole ' : ''}number ${range}, but is ${shorten(text)}`,
		`Set ${labelOf(name)} to a ${whole ? 'whole ' : ''}number ${range}.`,
	);
}

/**
 * A switch, also one that an expression gave as text: "false" is false.
 *
 * @throws {S3Failure} of kind `invalid` when it is neither true nor false
 */
export function readBoolean(item: ItemParameters, name: string): boolean {
	const text = readTrimmed(item, name)?.toLowerCase();
	if (text === undefined || text === 'false' || text === '0') return false;
	if (text === 'true' || text === '1') return true;
	throw invalid(
		`${labelOf(name)} must be true or false, but is ${shorten(text)}`,
		`Switch ${labelOf(name)} on or off, or give it an expression that results in true or false.`,
	);
}

/**
 * A moment; a date without a time zone is in the workflow's.
 *
 * @throws {S3Failure} of kind `invalid` when it is no date
 */
export function readDate(item: ItemParameters, name: string): Date | undefined {
	const text = readTrimmed(item, name);
	if (text === undefined) return undefined;
	try {
		// a bare number is a moment in milliseconds, not the year 1700000000000
		if (/^-?\d{6,}$/.test(text)) return new Date(Number(text));
		return tryToParseDateTime(text, item.node.getTimezone()).toJSDate();
	} catch {
		throw invalid(
			`${labelOf(name)} is not a date: ${shorten(text)}`,
			`Give ${labelOf(name)} a date such as 2026-01-31T08:00:00Z.`,
		);
	}
}

/**
 * One of the values that a parameter can have.
 *
 * @throws {S3Failure} of kind `invalid` when an expression gave another one
 */
export function readOneOf<const Values extends readonly string[]>(
	item: ItemParameters,
	name: string,
	values: Values,
): Values[number] | undefined {
	const text = readTrimmed(item, name);
	if (text === undefined || values.includes(text)) return text;
	throw invalid(
		`${labelOf(name)} is unknown: ${shorten(text)}`,
		`Choose one of ${values.join(', ')} for ${labelOf(name)}.`,
	);
}

/**
 * The pairs of a fixed collection of `name` and `value`, as an object that any name is safe in.
 *
 * @param name path of the list of pairs, e.g. `options.tags.tag`
 * @param label what one pair is called, e.g. `tag`
 * @throws {S3Failure} of kind `invalid` when a name is empty or there twice
 */
export function readPairs(
	item: ItemParameters,
	name: string,
	label: string,
): Record<string, string> | undefined {
	const value = readValue(item, name);
	if (!Array.isArray(value) || value.length === 0) return undefined;
	const pairs = value.map((entry: unknown) => readPair(entry, label));
	const names = pairs.map(([pairName]) => pairName);
	const twice = names.find((pairName, position) => names.indexOf(pairName) !== position);
	if (twice !== undefined) {
		throw invalid(
			`The ${label} name ${shorten(twice)} is there twice`,
			`Give every ${label} name once.`,
		);
	}
	return Object.fromEntries(pairs);
}

function readPair(entry: unknown, label: string): [name: string, value: string] {
	const { name, value } = Object(entry) as { name?: unknown; value?: unknown };
	const pairName = scalarText(name).trim();
	if (pairName === '') {
		throw invalid(`A ${label} has no name`, `Give the ${label} a name, or remove it.`);
	}
	return [pairName, scalarText(value)];
}

function scalarText(value: unknown): string {
	if (value === undefined || value === null) return '';
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A failure of what was entered in the node. */
export function invalid(message: string, advice: string): S3Failure {
	return new S3Failure({ kind: 'invalid', message, advice });
}

/** `options.partSizeMb` → `Part Size Mb`: n8n shows parameters under their names in title case. */
function labelOf(name: string): string {
	const words = (name.split('.').at(-1) ?? name).replaceAll(/([A-Z])/g, ' $1');
	return words.charAt(0).toUpperCase() + words.slice(1);
}

function formatNumber(number: number): string {
	return number.toLocaleString('en-US');
}

function shorten(text: string): string {
	const line = JSON.stringify(text);
	return line.length <= 80 ? line : `${line.slice(0, 78)}…"`;
}
