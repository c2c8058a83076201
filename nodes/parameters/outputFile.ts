import type { OptionGroup } from './OptionGroup';
import { readText, readTrimmed } from './read';

const DEFAULT_FIELD = 'data';

/** The field of the output item that a file is put into. */
export const outputField: OptionGroup<string> = {
	fields: [
		{
			displayName: 'Put Output File in Field',
			name: 'binaryProperty',
			type: 'string',
			default: DEFAULT_FIELD,
			required: true,
			placeholder: 'e.g. data',
			hint: 'The name of the output binary field to put the file in',
		},
	],
	read: (source) => readTrimmed(source, 'binaryProperty') ?? DEFAULT_FIELD,
};

/** The name of the file, an option; undefined if the operation is to name it. */
export const outputFileName: OptionGroup<string | undefined> = {
	fields: [
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			placeholder: 'e.g. invoice.pdf',
			description: 'The name of the output file. Leave it empty for the last part of the key.',
		},
	],
	read: (source) => readText(source, 'options.fileName'),
};
