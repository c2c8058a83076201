import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import { S3Failure } from '../../s3/S3Failure';
import { checkEntered, readValue } from '../parameters/read';
import type { InputItem } from '../run/operation';

/** A file of an item. */
export interface ItemFile {
	/** The name of the field that holds it, or the file itself, which an expression can give. */
	readonly field: string | IBinaryData;
	/** The name of the field; undefined if the item has no such file. */
	readonly property: string | undefined;
	readonly fileName: string | undefined;
	/** The folder of the file, as the node that made it says. */
	readonly directory: string | undefined;
	/** Which of the files it is, from 0. */
	readonly index: number;
}

/**
 * The files that the parameter `binaryProperty` names: a field, fields with commas between them, or what an
 * expression gives: a file, or a list of names or files, which is empty for an item without files.
 *
 * @throws {S3Failure} of kind `invalid` when it names none, or one that the item does not have
 */
export function filesOf(item: InputItem): ItemFile[] {
	const input = item.node.getInputData()[item.index];
	const named = readValue(item, 'binaryProperty');
	const fields = fieldsIn(named, input);
	const isEmptyList = Array.isArray(named) && named.length === 0;
	if (fields.length === 0 && !isEmptyList) {
		checkEntered(item.entered('binaryProperty'), 'Input Binary Field', false);
		throw S3Failure.invalid(
			'No field with a file is named',
			'Enter the name of a field, such as data, or several names separated by commas.',
		);
	}
	return fields.map((field, index) => {
		const file = fileIn(item, field);
		const property = typeof field === 'string' ? field : propertyOf(file, input);
		const { fileName, directory } = file;
		return { field, property, fileName, directory, index };
	});
}

function fileIn({ node, index }: InputItem, field: string | IBinaryData): IBinaryData {
	const { binary = {} } = node.getInputData()[index] ?? {};
	if (typeof field !== 'string') {
		if (isFile(field)) return node.helpers.assertBinaryData(index, field);
		throw S3Failure.invalid(
			'The expression of Input Binary Field gave an object that is no file',
			adviceOn(binary),
		);
	}
	try {
		return node.helpers.assertBinaryData(index, field);
	} catch (cause) {
		throw S3Failure.invalid(`The item has no file in the field “${field}”`, adviceOn(binary), {
			cause,
		});
	}
}

/** Whether an object is what n8n has of a file, and not a set of files or the JSON of an item. */
const isFile = ({ mimeType, data, id }: Partial<IBinaryData>): boolean =>
	// Expressions give files that n8n stores by their ID, without data.
	typeof mimeType === 'string' && (data !== undefined || id !== undefined);

function adviceOn(files: NonNullable<INodeExecutionData['binary']>): string {
	const names = Object.keys(files);
	return names.length === 0
		? 'The item has no files at all. Connect a node that gives a file, or choose another Source.'
		: `The item has files in: ${names.join(', ')}. Enter one of these as Input Binary Field.`;
}

function fieldsIn(
	value: unknown,
	{ binary = {} }: Partial<INodeExecutionData> = {},
): Array<string | IBinaryData> {
	if (Array.isArray(value)) return value.flatMap((one: unknown) => fieldsIn(one, { binary }));
	if (typeof value !== 'string') {
		return typeof value === 'object' && value !== null ? [value as IBinaryData] : [];
	}
	if (Object.hasOwn(binary, value)) return [value];
	return value
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}

/** The field that holds a file: expressions give copies. */
function propertyOf(
	{ id, data, fileName }: IBinaryData,
	{ binary = {} }: Partial<INodeExecutionData> = {},
): string | undefined {
	return Object.entries(binary).find(
		([, file]) => file.id === id && file.data === data && file.fileName === fileName,
	)?.[0];
}

/** All files of an input item, as its output has them. */
export const filesOfInput = ({ node, index }: InputItem): INodeExecutionData['binary'] =>
	node.getInputData()[index]?.binary;
