import { randomUUID } from 'node:crypto';

import type { INodeProperties } from 'n8n-workflow';

import { plainName } from '../../s3/headers/contentDisposition';
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
			'The full name of the object in the bucket, with its folders. Leave it empty to use the name of the file. {fileName} stands for that name, {fileBaseName} for the name without its ending, {fileExtension} for the ending, {property} for the field that holds the file, and {index} for its number among the files of the item, from 0.',
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

const PLACEHOLDER = /\{(fileName|fileBaseName|fileExtension|property|index)\}/g;

/**
 * The key that a file is stored under. Only what was entered is a pattern: a key that an expression takes from
 * data stays as it is.
 *
 * @throws {S3Failure} of kind `invalid` when the key needs a name that the file does not have
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

function partOf(
	part: string,
	name: string | undefined,
	{ property, index = 0 }: NamedFile,
): string {
	if (part === 'index') return String(index);
	if (part === 'property') return property ?? missing(part, 'is in no field of the item');
	if (name === undefined) return missing(part, 'has no name');
	const dot = name.lastIndexOf('.');
	const hasEnding = dot > 0 && dot < name.length - 1;
	if (part === 'fileName') return name;
	if (part === 'fileBaseName') return hasEnding ? name.slice(0, dot) : name;
	return hasEnding ? name.slice(dot + 1) : '';
}

function missing(part: string, why: string): never {
	throw S3Failure.invalid(
		`The file ${why}, which {${part}} in the key stands for`,
		`Enter a Key without {${part}}.`,
	);
}
