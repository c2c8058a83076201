import {
	isResourceLocatorValue,
	tryToParseDateTime,
	type IGetNodeParameterOptions,
} from 'n8n-workflow';

import { S3Failure } from '../../s3/S3Failure';
import { isInCalendar } from './calendar';
import { labelOf } from './label';
import type { ParameterSource } from './ParameterSource';
import { evaluateSimple } from './simpleExpression';

/** The numbers that a parameter can have. */
export interface Bounds {
	readonly min: number;
	/** `Infinity` if there is no upper bound. */
	readonly max: number;
	/** Whether it must be a whole number. */
	readonly whole?: boolean;
}

/**
 * A parameter's text as it is, untrimmed, because spaces belong to keys; undefined if it is empty.
 * Numbers and booleans from expressions become text.
 *
 * @param name path of the parameter, e.g. `options.contentType`
 * @throws {S3Failure} of kind `invalid` when an expression gave an object or a list
 */
export function readText(source: ParameterSource, name: string): string | undefined {
	return scalar(source, name, readValue(source, name));
}

/**
 * The text that a resource locator stands for, untrimmed; undefined if it is empty.
 *
 * @throws {S3Failure} of kind `invalid` when an expression gave an object or a list
 */
export function readLocator(source: ParameterSource, name: string): string | undefined {
	return scalar(source, name, readValue(source, name, { extractValue: true }));
}

/**
 * A parameter's value, of whatever type an expression gave; a date, such as `$now`, is its text in ISO 8601. Simple expressions are evaluated here: n8n
 * takes about 0.3 ms for each.
 */
export function readValue(
	source: ParameterSource,
	name: string,
	options: IGetNodeParameterOptions = {},
): unknown {
	const entered = source.entered(name);
	// None of our locators has a mode that takes only a part of what is entered.
	const text = isResourceLocatorValue(entered) ? entered.value : entered;
	const value = typeof text === 'string' ? evaluateSimple(text, source.json) : undefined;
	return value ?? datesAsText(source.evaluated(name, options));
}

/** Dates of n8n's expressions and of JavaScript are the objects that have this; the data of items has no functions. */
function datesAsText(value: unknown): unknown {
	const { toJSON } = Object(value) as { toJSON?: unknown };
	const text: unknown = typeof toJSON === 'function' ? toJSON.call(value) : undefined;
	return typeof text === 'string' ? text : value;
}

function scalar(source: ParameterSource, name: string, value: unknown): string | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	throw S3Failure.invalid(
		`${labelOf(source, name)} is not text but ${Array.isArray(value) ? 'a list' : 'an object'}`,
		`Give ${labelOf(source, name)} an expression that results in text.`,
	);
}

/**
 * A parameter's text without the spaces around it; undefined if nothing remains.
 *
 * @throws {S3Failure} of kind `invalid` when an expression gave an object or a list
 */
export function readTrimmed(source: ParameterSource, name: string): string | undefined {
	const text = readText(source, name)?.trim();
	return text === '' ? undefined : text;
}

/**
 * A text of which nothing means something else than a value, such as a version: undefined only if nothing was
 * entered.
 *
 * @throws {S3Failure} of kind `invalid` when an expression was entered and gave nothing for this item
 */
export function readEntered(source: ParameterSource, name: string): string | undefined {
	return notLost(source, name, readTrimmed(source, name));
}

/**
 * @param mayBeEmpty whether the field can be left empty
 * @throws {S3Failure} of kind `invalid` when what was entered is an expression, which gave nothing then
 */
export function checkEntered(entered: unknown, label: string, mayBeEmpty = true): void {
	const { value = entered } = Object(entered) as { value?: unknown };
	if (!isExpression(value)) return;
	throw S3Failure.invalid(
		gaveNothing(label, value),
		mayBeEmpty
			? `Correct the expression, or leave ${label} empty.`
			: 'Correct the expression: compare the names in it with the fields of the input.',
	);
}

/** What is said of an expression that gave nothing. */
export const gaveNothing = (label: string, expression: string): string =>
	`The expression of ${label} gave nothing for this item: ${shorten(expression.slice(1).trim())}`;

/** Whether what was entered is an expression, which gives each item a value of its own. */
export const isExpression = (entered: unknown): entered is string =>
	typeof entered === 'string' && /^=\s*\S/.test(entered);

/**
 * What was read of a field that protects something: undefined only if nothing was entered.
 *
 * @throws {S3Failure} of kind `invalid` when an expression was entered and gave nothing for this item
 */
export function notLost<Value>(
	source: ParameterSource,
	name: string,
	value: Value | undefined,
): Value | undefined {
	if (value === undefined) checkEntered(source.entered(name), labelOf(source, name));
	return value;
}

/**
 * A switch that protects something, see `notLost`.
 *
 * @throws {S3Failure} of kind `invalid` when it is neither true nor false, or an expression gave nothing
 */
export function readSafeguard(source: ParameterSource, name: string): boolean {
	notLost(source, name, readTrimmed(source, name));
	return readBoolean(source, name);
}

/**
 * A number, also one that an expression gave as text; undefined if the field is empty.
 *
 * @throws {S3Failure} of kind `invalid` when it is not a number within the bounds
 */
export function readNumber(
	source: ParameterSource,
	name: string,
	{ min, max, whole = false }: Bounds,
): number | undefined {
	const text = readTrimmed(source, name);
	if (text === undefined) return undefined;
	const number = Number(text);
	if (number >= min && number <= max && (!whole || Number.isInteger(number))) return number;
	const range = Number.isFinite(max)
		? `from ${formatNumber(min)} to ${formatNumber(max)}`
		: `of at least ${formatNumber(min)}`;
	throw S3Failure.invalid(
		`${labelOf(source, name)} must be a ${whole ? 'whole ' : ''}number ${range}, but is ${shorten(text)}`,
		`Set ${labelOf(source, name)} to a ${whole ? 'whole ' : ''}number ${range}.`,
	);
}

/**
 * A switch, also one that an expression gave as text: "false" is false.
 *
 * @throws {S3Failure} of kind `invalid` when it is neither true nor false
 */
export function readBoolean(source: ParameterSource, name: string, whenEmpty = false): boolean {
	const text = readTrimmed(source, name)?.toLowerCase();
	if (text === undefined) return whenEmpty;
	if (text === 'false' || text === '0') return false;
	if (text === 'true' || text === '1') return true;
	throw S3Failure.invalid(
		`${labelOf(source, name)} must be true or false, but is ${shorten(text)}`,
		`Switch ${labelOf(source, name)} on or off, or give it an expression that results in true or false.`,
	);
}

/** Unix times between 2001 and 2286, in seconds and in milliseconds. */
const UNIX_SECONDS = /^\d{10}$/;
const UNIX_MILLISECONDS = /^\d{13}$/;
/** A year, alone or with a month and day before or after it; 20260131 is a date of ISO 8601, too. */
const WITH_YEAR = /^(19|20)\d\d(\d{4}(T|$)|\D|$)|\D(19|20)\d\d(\D|$)/;
/** With dots the day comes first everywhere but in V8, which takes 5.12.2026 for 12 May. */
const WITH_DOTS = /^\d\d?\.\d\d?\.\d/;
/** Characters; the longest dates, with the name of a time zone, have about 70. */
const MAX_DATE = 100;
/** The words of dates: names of days, months and time zones. */
const DATE_WORDS =
	/^((mon|tue|wed|thu|fri|sat|sun)[a-z]*|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|gmt|utc?|[ecmp][ds]t|am|pm|t|w|z)$/i;

/**
 * A date and time; without a time zone of its own it is in that of the workflow. A number of 10 digits is a Unix
 * time in seconds, one of 13 digits in milliseconds.
 *
 * @throws {S3Failure} of kind `invalid` when it is not a date
 */
export function readDate(source: ParameterSource, name: string): Date | undefined {
	const text = readTrimmed(source, name);
	if (text === undefined) return undefined;
	if (UNIX_SECONDS.test(text)) return new Date(1000 * Number(text));
	if (UNIX_MILLISECONDS.test(text)) return new Date(Number(text));
	try {
		if (isDate(text)) return tryToParseDateTime(text, source.timezone).toJSDate();
	} catch {
		// Refused as any other text.
	}
	throw S3Failure.invalid(
		`${labelOf(source, name)} is not a date: ${shorten(text)}`,
		`Give ${labelOf(source, name)} a date such as 2026-01-31T08:00:00Z.`,
	);
}

/** n8n and V8 take nearly any text with a number in it for a date, such as “tomorrow 5” for May 2001. */
function isDate(text: string): boolean {
	if (text.length > MAX_DATE || WITH_DOTS.test(text)) return false;
	// A name in brackets is that of a time zone.
	const words = text.replace(/\[[^\]]*\]$/, '').match(/[^\W\d_]+/g) ?? [];
	const isKnown = words.every((word) => DATE_WORDS.test(word));
	return WITH_YEAR.test(text) && isKnown && isInCalendar(text);
}

/**
 * One of the values that a parameter can have; undefined if it is empty.
 *
 * @throws {S3Failure} of kind `invalid` when an expression gave another value
 */
export function readOneOf<const Values extends readonly string[]>(
	source: ParameterSource,
	name: string,
	values: Values,
): Values[number] | undefined {
	const text = readTrimmed(source, name);
	if (text === undefined || values.includes(text)) return text;
	throw S3Failure.invalid(
		`${labelOf(source, name)} is unknown: ${shorten(text)}`,
		`Choose one of ${values.join(', ')} for ${labelOf(source, name)}.`,
	);
}

function formatNumber(number: number): string {
	return number.toLocaleString('en-US');
}

/** A text as messages quote it. */
export function shorten(text: string): string {
	const line = JSON.stringify(text);
	return line.length <= 80 ? line : `${line.slice(0, 78)}…"`;
}
