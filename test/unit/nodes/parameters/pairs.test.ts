import type { ParameterSource } from '../../../../nodes/parameters/ParameterSource';
import { readNames, readPairs } from '../../../../nodes/parameters/pairs';
import { failureOf } from '../../failureOf';

const NOTHING = '={{ $json.no }}';

/** A node whose tags have these values after their expressions. */
const tags = (value: unknown, entered?: unknown): ParameterSource => ({
	entered: () => entered,
	evaluated: () => value,
	json: {},
	timezone: 'UTC',
});

const read = (value: unknown, entered?: unknown) =>
	readPairs(tags(value, entered), 'options.tags.tag', 'tag');

it('readPairs takes any name, also one that every object inherits', () => {
	const pairs = read([
		{ name: '__proto__', value: 'x' },
		{ name: 'constructor', value: 5 },
		{ name: ' spaced ', value: null },
		{ name: 'empty' },
	]);
	expect(Object.entries(pairs ?? {})).toEqual([
		['__proto__', 'x'],
		['constructor', '5'],
		['spaced', ''],
		['empty', ''],
	]);
});

it.each(['', undefined, []])('readPairs is undefined if there are no pairs: %j', (value) => {
	expect(read(value)).toBeUndefined();
	expect(readNames(tags(value), 'options.tags.tag', 'tag')).toEqual([]);
});

it('readPairs refuses an empty name and a name that occurs twice', () => {
	expect(() => read([{ name: ' ', value: 'x' }])).toThrow('A tag has no name');
	expect(() =>
		read([
			{ name: 'a', value: '1' },
			{ name: 'a', value: '2' },
		]),
	).toThrow('The tag name "a" is there twice');
});

it.each([
	[new Date('2026-01-31T08:00:00Z'), '2026-01-31T08:00:00.000Z'],
	[{ a: 1 }, '{"a":1}'],
	[[1, 2], '[1,2]'],
	[false, 'false'],
	[NaN, 'NaN'],
])('readPairs gives %p of an expression as text', (value, text) => {
	expect(read([{ name: 'a', value }])).toEqual({ a: text });
});

it.each([null, undefined])(
	'readPairs refuses a value whose expression gave %p, and says how to store an empty one',
	(value) => {
		const values = [
			{ name: 'a', value: 'x' },
			{ name: 'b', value },
		];
		const entered = [
			{ name: 'a', value: 'x' },
			{ name: 'b', value: NOTHING },
		];
		const { message, advice } = failureOf(() => read(values, entered));
		expect(message).toBe(
			'The expression of the value of the tag "b" gave nothing for this item: "{{ $json.no }}"',
		);
		expect(advice).toContain("{{ $json.note ?? '' }}");
	},
);

it('readPairs keeps an empty value that was left empty or that an expression gave', () => {
	const values = [
		{ name: 'a', value: '' },
		{ name: 'b', value: '' },
	];
	const entered = [
		{ name: 'a', value: '' },
		{ name: 'b', value: "={{ $json.no ?? '' }}" },
	];
	expect(read(values, entered)).toEqual({ a: '', b: '' });
});

it.each([null, ''])('readPairs refuses a name whose expression gave %j', (name) => {
	expect(() => read([{ name, value: 'x' }], [{ name: NOTHING, value: 'x' }])).toThrow(
		'The expression of the name of a tag gave nothing for this item: "{{ $json.no }}"',
	);
});

it('readNames gives names whatever their values are', () => {
	const source = tags([{ name: 'a', value: null }], [{ name: 'a', value: NOTHING }]);
	expect(readNames(source, 'tags.tag', 'tag')).toEqual(['a']);
});
