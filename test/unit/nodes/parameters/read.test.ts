import { optionsField } from '../../../../nodes/parameters/OptionGroup';
import type { ParameterSource } from '../../../../nodes/parameters/ParameterSource';
import { expectLinearTime } from '../../linearTime';
import {
	notLost,
	readBoolean,
	readDate,
	readEntered,
	readLocator,
	readNumber,
	readOneOf,
	readSafeguard,
	readText,
	readTrimmed,
} from '../../../../nodes/parameters/read';
import { versionId } from '../../../../nodes/parameters/versionId';
import { failureOf } from '../../failureOf';

/** A parameter that has this value after its expression. */
const withValue = (value: unknown, timezone = 'UTC'): ParameterSource => ({
	entered: () => '={{ $json }}',
	evaluated: () => value,
	json: {},
	timezone,
});

describe('readText', () => {
	it('readText keeps the spaces of a key, readTrimmed removes those around a value', () => {
		expect(readText(withValue('  a key '), 'key')).toBe('  a key ');
		expect(readTrimmed(withValue('  text/plain '), 'type')).toBe('text/plain');
	});

	it.each([
		[5, '5'],
		[0, '0'],
		[true, 'true'],
	])('readText gives %p of an expression as text', (value, text) => {
		expect(readText(withValue(value), 'key')).toBe(text);
	});

	it('readText gives a date of an expression as text, as n8n does within a longer text', () => {
		const date = new Date('2026-01-31T08:00:00Z');
		expect(readText(withValue(date), 'key')).toBe('2026-01-31T08:00:00.000Z');
		expect(() => readText(withValue(new Date('never')), 'key')).toThrow('Key is not text');
	});

	it.each(['', null, undefined])('readText is undefined for %p', (value) => {
		expect(readText(withValue(value), 'key')).toBeUndefined();
	});

	it('readText refuses an object, which would become [object Object]', () => {
		expect(() => readText(withValue({ a: 1 }), 'options.contentType')).toThrow(
			'Content Type is not text but an object',
		);
		expect(() => readText(withValue(['a']), 'key')).toThrow('Key is not text but a list');
	});
});

describe('readLocator', () => {
	it.each([
		['put/a.txt', 'put/a.txt'],
		['=put/{{ $json.id }}.txt', 'put/7.txt'],
		[{ __rl: true, mode: 'key', value: '={{ $json.id }}' }, '7'],
	])('readLocator evaluates %j without n8n', (value, text) => {
		const source = { ...withValue('asked'), json: { id: 7 }, entered: () => value };
		expect(readLocator(source, 'key')).toBe(text);
	});
});

describe('readEntered', () => {
	const entered = (text: unknown, value?: unknown): ParameterSource => ({
		...withValue(value ?? text),
		entered: () => text,
		fields: [optionsField(...versionId.fields)],
	});
	const read = (source: ParameterSource) => readEntered(source, 'options.versionId');

	it('readEntered gives a value, and nothing only if nothing was entered', () => {
		expect(read(entered('={{ $json.version }}', ' abc '))).toBe('abc');
		expect(read(entered(''))).toBeUndefined();
		expect(read(entered(undefined))).toBeUndefined();
		expect(read(entered('= '))).toBeUndefined();
	});

	it.each([
		['of a field', '={{ $json.no[0] }}'],
		['of a resource locator', { __rl: true, mode: 'id', value: '= {{ $json.no[0] }}' }],
	])('readEntered refuses an expression %s that gives nothing', (_, text) => {
		expect(() => read(entered(text, ' '))).toThrow(
			'The expression of Version ID gave nothing for this item: "{{ $json.no[0] }}"',
		);
	});

	it('readEntered shortens a long expression in its message', () => {
		const long = `={{ ${'x'.repeat(200)} }}`;
		expect(() => read(entered(long, ' '))).toThrow(/: "\{\{ x{74}…"$/);
	});
});

describe('what protects something', () => {
	const lost = { ...withValue(''), entered: () => '={{ $json.no }}' };
	const empty = { ...withValue(''), entered: () => '' };
	const message = 'The expression of Dry Run gave nothing for this item: "{{ $json.no }}"';

	it('notLost gives what was read, and nothing only if nothing was entered', () => {
		expect(notLost(lost, 'options.dryRun', 'never')).toBe('never');
		expect(notLost<string>(empty, 'options.dryRun', undefined)).toBeUndefined();
		expect(() => {
			notLost(lost, 'options.dryRun', undefined);
		}).toThrow(message);
	});

	it('readSafeguard is not off because an expression gave nothing', () => {
		expect(readSafeguard(withValue('true'), 'options.dryRun')).toBe(true);
		expect(readSafeguard(empty, 'options.dryRun')).toBe(false);
		expect(() => readSafeguard(lost, 'options.dryRun')).toThrow(message);
	});
});

describe('readNumber', () => {
	const limit = { min: 1, max: 100_000, whole: true };

	it.each([
		[5, 5],
		['5', 5],
		[' 5 ', 5],
		['', undefined],
	])('readNumber reads %p as %p', (value, number) => {
		expect(readNumber(withValue(value), 'limit', limit)).toBe(number);
	});

	it.each([0, 100_001, -1, 1.5, NaN, 'many', '5 MB', 'Infinity'])(
		'readNumber refuses the limit %p',
		(value) => {
			expect(() => readNumber(withValue(value), 'limit', limit)).toThrow(
				/^Limit must be a whole number from 1 to 100,000, but is "/,
			);
		},
	);

	it('readNumber has no upper bound if that is Infinity', () => {
		const bounds = { min: 0, max: Infinity };
		expect(readNumber(withValue(1e12), 'options.maxSize', bounds)).toBe(1e12);
		expect(() => readNumber(withValue(-1), 'options.maxSize', bounds)).toThrow(
			'Max Size must be a number of at least 0, but is "-1"',
		);
	});

	it.each([
		[true, 'Set Limit to a whole number from 1 to 5.'],
		[false, 'Set Limit to a number from 1 to 5.'],
	])('readNumber says what can be entered, whole: %p', (whole, advice) => {
		const bounds = { min: 1, max: 5, whole };
		expect(failureOf(() => readNumber(withValue('x'), 'limit', bounds)).advice).toBe(advice);
		if (!whole) expect(readNumber(withValue(1.5), 'limit', bounds)).toBe(1.5);
	});
});

describe('readBoolean', () => {
	it.each([
		[true, true],
		['true', true],
		['TRUE', true],
		[1, true],
		[false, false],
		['false', false],
		[0, false],
		['', false],
	])('readBoolean reads %p as %p', (value, on) => {
		expect(readBoolean(withValue(value), 'returnAll')).toBe(on);
	});

	it('readBoolean refuses a word other than true and false', () => {
		expect(() => readBoolean(withValue('yes'), 'returnAll')).toThrow(
			'Return All must be true or false, but is "yes"',
		);
	});
});

describe('readDate', () => {
	it.each([
		['2026-01-31T08:00:00Z', 'UTC', '2026-01-31T08:00:00.000Z'],
		['2026-01-31T08:00:00', 'Europe/Berlin', '2026-01-31T07:00:00.000Z'],
		['2026-01-31', 'America/New_York', '2026-01-31T05:00:00.000Z'],
		['2026-01-31T08:00:00+02:00', 'America/New_York', '2026-01-31T06:00:00.000Z'],
		[1769846400000, 'UTC', '2026-01-31T08:00:00.000Z'],
		[1769846400, 'UTC', '2026-01-31T08:00:00.000Z'],
		['1769846400', 'America/New_York', '2026-01-31T08:00:00.000Z'],
		['20260131', 'UTC', '2026-01-31T00:00:00.000Z'],
		[20260131, 'Europe/Berlin', '2026-01-30T23:00:00.000Z'],
		['20260131T080000Z', 'UTC', '2026-01-31T08:00:00.000Z'],
		['2026-W05', 'UTC', '2026-01-26T00:00:00.000Z'],
		['2026-031', 'UTC', '2026-01-31T00:00:00.000Z'],
		['2026', 'UTC', '2026-01-01T00:00:00.000Z'],
		['2026-01-31 08:00', 'UTC', '2026-01-31T08:00:00.000Z'],
		['2026-01-31T08:00[Asia/Tokyo]', 'UTC', '2026-01-30T23:00:00.000Z'],
		['Sat, 31 Jan 2026 08:00:00 GMT', 'UTC', '2026-01-31T08:00:00.000Z'],
		['January 31, 2026', 'UTC', '2026-01-31T00:00:00.000Z'],
		['01/31/2026', 'UTC', '2026-01-31T00:00:00.000Z'],
	])('readDate reads %p in %s as %s', (value, timezone, moment) => {
		expect(readDate(withValue(value, timezone), 'expires')?.toISOString()).toBe(moment);
	});

	it.each([
		'soon',
		'tomorrow 5',
		'tomorrow 2026',
		'Jan 5',
		'08:00',
		'0800',
		5,
		-5,
		202601,
		2026031,
		99999,
		123456,
		20261345,
		-1769846400000,
		176984640,
		17698464000,
		'2026-13-45',
		'2026-02-30',
		'02/30/2026',
		'05.12.2026',
		'5.12.2026 14:00',
	])('readDate refuses %p, which is not a date', (value) => {
		expect(() => readDate(withValue(value), 'options.expires')).toThrow(
			`Expires is not a date: "${value}"`,
		);
	});

	it('readDate refuses a long text in no long time', () => {
		expectLinearTime((length) => {
			const text = `2026${'['.repeat(length)}`;
			expect(() => readDate(withValue(text), 'options.expires')).toThrow('is not a date');
		});
	});
});

describe('readOneOf', () => {
	it('readOneOf refuses a value that cannot be chosen', () => {
		expect(readOneOf(withValue('csv'), 'output', ['items', 'csv'])).toBe('csv');
		expect(() => readOneOf(withValue('xml'), 'output', ['items', 'csv'])).toThrow(
			'Output is unknown: "xml"',
		);
	});
});

it.each<[string, (source: ParameterSource) => unknown]>([
	['readDate', (source) => readDate(source, 'options.modifiedAfter')],
	['readOneOf', (source) => readOneOf(source, 'options.overwrite', ['always'])],
])('%s gives nothing for an empty field', (_, read) => {
	expect(read(withValue(''))).toBeUndefined();
});
