import { randomUUID } from 'node:crypto';

import type { INodeProperties } from 'n8n-workflow';

import { plainName, plainParts } from '../../s3/headers/contentDisposition';
import { S3Failure } from '../../s3/S3Failure';
import { newKeyField } from './bucketAndKey';
import { onlyForTools } from './forTools';
import type { ParameterSource } from './ParameterSource';
import { checkEntered, isExpression, readText } from './read';
import { evaluateSimple } from './simpleExpression';

/** What the key of a file can be made of. */
export interface NamedFile {
	/** A name, or a path of which the last part is the name; undefined if the file has none. */
	readonly fileName: string | undefined;
	/** Its folder as n8n has it: also an absolute one, or the whole URL of a file that was downloaded. */
	readonly directory?: string | undefined;
	/** The field of the item that holds the file; undefined if it comes from elsewhere. */
	readonly property?: string | undefined;
	/** Which of the files of its item it is, from 0. */
	readonly index?: number;
}

const keyField: INodeProperties = { ...newKeyField, required: false };

/**
 * The key of an object that is made of a file or of text; a tool of an agent has text, or the file of a URL. All are
 * hidden by conditions, and none is shown by one: with an expression as source, n8n would show each of them.
 */
export const fileKeyFields: INodeProperties[] = [
	{
		...keyField,
		placeholder: 'e.g. invoices/{fileName}',
		displayOptions: { hide: { '@tool': [true], source: ['text'] } },
		description:
			'The full name of the object in the bucket, with its folders. Leave it empty to use the name of the file. {fileName} stands for that name, {filePath} for the folders of the file with the name after them, as in a zip, {fileBaseName} for the name without its ending, {fileExtension} for the ending, {property} for the field that holds the file, and {index} for its number among the files of the item, from 0.',
	},
	{
		...keyField,
		placeholder: 'e.g. notes/2026/today.txt',
		displayOptions: { hide: { '@tool': [true], source: [{ _cnd: { not: 'text' } }] } },
	},
	...onlyForTools({
		...keyField,
		placeholder: 'e.g. notes/answer.txt',
		description:
			'The full name of the object in the bucket, with its folders. With a URL, leave it empty to use the name of the file.',
	}),
];

const PLACEHOLDER = /\{(fileName|filePath|fileBaseName|fileExtension|property|index)\}/g;

/**
 * The key that a file is stored under. Only what was entered is a pattern: a key that an expression takes from
 * data stays as it is.
 *
 * @throws {S3Failure} of kind `invalid` when the key needs a name that the file does not have, or a path with `..` in it
 */
export function fileKeyOf(source: ParameterSource, file: NamedFile): string {
	const given = readText(source, 'key');
	const name = plainName(file.fileName ?? '');
	if (given === undefined) {
		checkEntered(source.entered('key'), 'Key');
		if (name !== undefined) return name;
		throw S3Failure.invalid(
			'The file has no name that could be its key',
			'Enter a Key, such as report.pdf.',
		);
	}
	const entered = source.entered('key');
	const replaced = (_: string, part: string) => partOf(part, name, file);
	if (!isExpression(entered)) return given.replace(PLACEHOLDER, replaced);
	const isPattern = (given.match(PLACEHOLDER) ?? []).some((one) => entered.includes(one));
	if (!isPattern) return given;
	// It is evaluated again with other placeholders, which its data cannot have.
	const mark = randomUUID();
	const marked = entered.replace(PLACEHOLDER, (_, part: string) => mark + part + mark);
	const text = evaluateSimple(marked, source.json) ?? source.evaluate?.(marked.slice(1));
	return (typeof text === 'string' ? text : given).replace(
		new RegExp(`${mark}(\\w+)${mark}`, 'g'),
		replaced,
	);
}

/** Whether the key depends on the file. */
export function isMadeOfFile(source: ParameterSource): boolean {
	const given = readText(source, 'key');
	return given === undefined || given.search(PLACEHOLDER) >= 0;
}

/** The folders of the file, with slashes between them as in a key; empty if it has none. */
export const folderOf = (file: NamedFile): string => pathOf(file).slice(0, -1).join('/');

/** A path of a zip that was made on Windows comes as a name with backslashes. */
function pathOf({ directory = '', fileName = '' }: NamedFile): string[] {
	const folder = /^https?:\/\//i.test(directory) ? '' : directory;
	return plainParts(`${folder}/${fileName}`);
}

function partOf(part: string, name: string | undefined, file: NamedFile): string {
	const { property, index = 0 } = file;
	if (part === 'index') return String(index);
	if (part === 'property') return property ?? missing(part, 'is in no field of the item');
	if (name === undefined) return missing(part, 'has no name');
	const dot = name.lastIndexOf('.');
	const hasEnding = dot > 0 && dot < name.length - 1;
	if (part === 'fileName') return name;
	if (part === 'filePath') return inFolders(pathOf(file));
	if (part === 'fileBaseName') return hasEnding ? name.slice(0, dot) : name;
	return hasEnding ? name.slice(dot + 1) : '';
}

/** In a zip, `..` can lead out of the folder that the files are meant to go to. */
function inFolders(path: string[]): string {
	if (!path.includes('..')) return path.join('/');
	throw S3Failure.invalid(
		`The file “${path.join('/')}” has .. in its path, so that {filePath} in the key could lead to another folder`,
		'Enter a Key without {filePath}, such as {index}-{fileName}, or leave this file out.',
	);
}

function missing(part: string, why: string): never {
	throw S3Failure.invalid(
		`The file ${why}, which {${part}} in the key stands for`,
		`Enter a Key without {${part}}.`,
	);
}
