import { NodeHelpers, type INodeParameters, type INodeTypeDescription } from 'n8n-workflow';

import {
	fileKeyFields,
	fileKeyOf,
	folderOf,
	isMadeOfFile,
} from '../../../../nodes/parameters/fileKey';
import { failureOf } from '../../failureOf';
import { sourceOf } from './sourceOf';

const file = { fileName: 'in/report.tar.gz', property: 'attachment_0', index: 2 };
/** @param json the data with which the expression that was entered is evaluated */
const keyed = (key: string, entered: unknown = key, json: Record<string, string> = {}) => ({
	...sourceOf({ key }),
	entered: () => entered,
	evaluate: (expression: string) =>
		expression.replace(/\{\{ \$json\.(\w+) \}\}/g, (_, name: string) => json[name] ?? ''),
});

it.each([
	['', 'report.tar.gz'],
	['a/b.pdf', 'a/b.pdf'],
	['in/{fileName}', 'in/report.tar.gz'],
	['{fileBaseName}-{index}.{fileExtension}', 'report.tar-2.gz'],
	['{property}/{fileName}', 'attachment_0/report.tar.gz'],
	['{other}/{ fileName }{}', '{other}/{ fileName }{}'],
	[' {index} ', ' 2 '],
])('the key %p makes %p', (key, made) => {
	expect(fileKeyOf(keyed(key), file)).toBe(made);
});

it.each([
	['README', 'README', ''],
	['.env', '.env', ''],
	['a.', 'a.', ''],
	['a.b.c', 'a.b', 'c'],
])('the file %p has the base name %p and the extension %p', (fileName, base, extension) => {
	expect(fileKeyOf(keyed('{fileBaseName}|{fileExtension}'), { fileName })).toBe(
		`${base}|${extension}`,
	);
});

it.each([
	[undefined, 'x.txt', 'x.txt'],
	['', 'x.txt', 'x.txt'],
	['a/b', 'x.txt', 'a/b/x.txt'],
	['a/b/', 'x.txt', 'a/b/x.txt'],
	['/data//in', 'x.txt', 'data/in/x.txt'],
	['.', 'x.txt', 'x.txt'],
	['./a/./b', './x.txt', 'a/b/x.txt'],
	['a..b/...', 'x..txt', 'a..b/.../x..txt'],
	[undefined, 'a\\b\\x.txt', 'a/b/x.txt'],
	['a', 'b\\x.txt', 'a/b/x.txt'],
	['a\u202e', ' x.txt ', 'a/x.txt'],
	['{index}', '{fileName}', '{index}/{fileName}'],
	['https://files.example.com/in/x.txt', 'x.txt', 'x.txt'],
])('the path of a file in the folder %p with the name %p is %p', (directory, fileName, path) => {
	const key = keyed('in/{filePath}');
	expect(fileKeyOf(key, { directory, fileName })).toBe(`in/${path}`);
});

it.each([
	['..', 'x.txt', '../x.txt'],
	['a/../../b', 'x.txt', 'a/../../b/x.txt'],
	[undefined, 'a\\..\\..\\x.txt', 'a/../../x.txt'],
	['a', 'x/..', 'a/x/..'],
	['a/.\u200b./', 'x.txt', 'a/../x.txt'],
])(
	'a file in the folder %p with the name %p has no path for a key',
	(directory, fileName, path) => {
		const failure = failureOf(() => fileKeyOf(keyed('{filePath}'), { directory, fileName }));
		expect(failure.kind).toBe('invalid');
		expect(failure.message).toContain(`The file “${path}” has .. in its path, so that {filePath}`);
		expect(fileKeyOf(keyed('{fileName}'), { directory, fileName })).toMatch(/^x/);
	},
);

it.each([
	[{ directory: '/a/b', fileName: 'x' }, 'a/b'],
	[{ fileName: 'a\\x' }, 'a'],
	[{ fileName: 'x' }, ''],
	[{ fileName: undefined }, ''],
])('the folder of %j is %p', (of, folder) => {
	expect(folderOf(of)).toBe(folder);
});

it('what a file name has of a pattern stays as it is', () => {
	expect(fileKeyOf(keyed('{fileName}/{index}'), { fileName: '{index}.txt' })).toBe('{index}.txt/0');
});

it('a key that an expression takes from data is no pattern', () => {
	expect(fileKeyOf(keyed('{fileName}', '={{ $json.key }}'), file)).toBe('{fileName}');
	const folder = '={{ $json.folder }}/{index}';
	expect(fileKeyOf(keyed('x/{index}', folder, { folder: 'x' }), file)).toBe('x/2');
	const data = { folder: 'x{index}-{fileName}$&' };
	expect(fileKeyOf(keyed(`${data.folder}/{index}`, folder, data), file)).toBe(
		'x{index}-{fileName}$&/2',
	);
});

it('n8n, which takes long for it, is not asked to evaluate a path of the item with a placeholder once more', () => {
	const evaluate = jest.fn();
	const source = keyed('x/{index}', '={{ $json.folder }}/{index}');
	expect(fileKeyOf({ ...source, json: { folder: 'x' }, evaluate }, file)).toBe('x/2');
	expect(evaluate).not.toHaveBeenCalled();
});

it('an expression that gives no key does not mean the name of the file', () => {
	expect(failureOf(() => fileKeyOf(keyed('', '={{ $json.key }}'), file)).message).toContain(
		'The expression of Key gave nothing for this item',
	);
});

it.each([
	['', { fileName: undefined }, 'The file has no name that could be its key'],
	['', { fileName: 'a/..\\' }, undefined],
	['{fileName}', { fileName: undefined }, 'The file has no name, which {fileName} in the key'],
	['{filePath}', { fileName: undefined, directory: 'a' }, 'The file has no name, which {filePath}'],
	['{fileBaseName}', { fileName: '/' }, 'The file has no name, which {fileBaseName} in the key'],
	['{property}', { fileName: 'a' }, 'The file is in no field of the item, which {property}'],
])('the key %p of %p says what is missing', (key, of, message) => {
	if (message === undefined) expect(fileKeyOf(keyed(key), of)).toBe('a');
	else expect(failureOf(() => fileKeyOf(keyed(key), of)).message).toContain(message);
});

it.each([
	['', true],
	['a/{fileName}', true],
	['{filePath}', true],
	['a/{other}', false],
	['a', false],
])('the key %p is made of the file: %p', (key, isMade) => {
	expect(isMadeOfFile(keyed(key))).toBe(isMade);
});

it.each<[INodeParameters, string, string]>([
	[{ source: 'binary' }, 'amazonS3', 'e.g. invoices/{fileName}'],
	[{ source: 'url' }, 'amazonS3', 'e.g. invoices/{fileName}'],
	[{ source: 'text' }, 'amazonS3', 'e.g. notes/2026/today.txt'],
	[{ source: '={{ $json.source }}' }, 'amazonS3', 'e.g. invoices/{fileName}'],
	[{ source: 'text' }, 'amazonS3Tool', 'e.g. notes/answer.txt'],
])('the form has one key with %j in %s, whose example is %s', (values, name, placeholder) => {
	const shown = fileKeyFields.filter((field) =>
		NodeHelpers.displayParameter(values, field, null, { name } as INodeTypeDescription),
	);
	expect(shown.map((field) => field.placeholder)).toEqual([placeholder]);
});
