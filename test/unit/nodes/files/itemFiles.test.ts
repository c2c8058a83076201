import type { IBinaryData } from 'n8n-workflow';

import { filesOf } from '../../../../nodes/files/itemFiles';
import type { InputItem } from '../../../../nodes/run/operation';
import { failureOf } from '../../failureOf';
import { sourceOf } from '../parameters/sourceOf';

const file = (fileName: string): IBinaryData => ({
	data: '',
	id: fileName,
	fileName,
	mimeType: 'x',
});
const binary = { a: file('1.txt'), b: file('2.txt'), 'c,d': file('3.txt') };

function itemWith(binaryProperty: unknown, entered?: string): InputItem {
	const helpers = {
		assertBinaryData: (_: number, field: string | IBinaryData) => {
			if (typeof field !== 'string') return field;
			if (!(field in binary)) throw new Error(`no file ${field}`);
			return binary[field as 'a'];
		},
	};
	const node = { helpers, getInputData: () => [{ json: {}, binary }] };
	return {
		...sourceOf({ binaryProperty }),
		entered: () => entered,
		node: node as unknown as InputItem['node'],
		index: 0,
	};
}

it.each([
	['a', ['a']],
	['a,b', ['a', 'b']],
	[' a , , b ', ['a', 'b']],
	['c,d', ['c,d']],
	[
		['b', 'a'],
		['b', 'a'],
	],
	[
		['a,b', binary['c,d']],
		['a', 'b', 'c,d'],
	],
	[binary.b, ['b']],
	[structuredClone(binary.b), ['b']],
])('the files that %j names are in the fields %p', (value, properties) => {
	const files = filesOf(itemWith(value));
	expect(files.map(({ property }) => property)).toEqual(properties);
	expect(files.map(({ index }) => index)).toEqual(properties.map((_, index) => index));
});

it('a file has its name and folder, also one that the item does not have', () => {
	expect(filesOf(itemWith('a'))).toMatchObject([{ field: 'a', fileName: '1.txt' }]);
	const inFolder = { ...file('x'), directory: 'a/b' };
	expect(filesOf(itemWith(inFolder))).toMatchObject([{ fileName: 'x', directory: 'a/b' }]);
	expect(filesOf(itemWith(file('other')))).toMatchObject([
		{ fileName: 'other', property: undefined },
	]);
});

it('an empty list of an expression names no files, and is no mistake', () => {
	expect(filesOf(itemWith([]))).toEqual([]);
});

it.each(['', ' , ', [''], undefined, null, 7])('no file is named by %j', (value) => {
	expect(failureOf(() => filesOf(itemWith(value))).message).toBe('No field with a file is named');
});

it('an expression that names no file is shown', () => {
	const { message, advice } = failureOf(() => filesOf(itemWith('', '={{ $json.field }}')));
	expect(message).toContain('The expression of Input Binary Field gave nothing');
	expect(advice).not.toContain('empty');
});

it.each([
	[{ ...binary }, 'The item has files in: a, b, c,d. Enter one of these as Input Binary Field.'],
	[{}, 'The item has no files at all. Connect a node that gives a file, or choose another Source.'],
])(
	'a file that the item does not have is refused with the names that are there: %j',
	(there, advice) => {
		const item = itemWith('nope');
		const node = { ...item.node, getInputData: () => [{ json: {}, binary: there }] };
		const failure = failureOf(() => filesOf({ ...item, node: node }));
		expect([failure.message, failure.advice]).toEqual([
			'The item has no file in the field “nope”',
			advice,
		]);
	},
);

it.each([
	['$binary', binary],
	['$json', { mimeType: 'x' }],
	['a list of such', [binary.a, { some: 'JSON' }]],
])('an object that is no file, such as %s, is refused with the names of the files', (_, value) => {
	const failure = failureOf(() => filesOf(itemWith(value, '={{ … }}')));
	expect([failure.message, failure.advice]).toEqual([
		'The expression of Input Binary Field gave an object that is no file',
		'The item has files in: a, b, c,d. Enter one of these as Input Binary Field.',
	]);
});
