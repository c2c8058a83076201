import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { onlyForTools, withTool } from './forTools';
import type { OptionGroup } from './OptionGroup';
import { isExpression, readNumber, readOneOf } from './read';

const JSON_CHOICE: INodePropertyOptions = {
	name: 'JSON',
	value: 'json',
	description: 'The content, parsed, in the field “data”',
};
const TEXT_CHOICE: INodePropertyOptions = {
	name: 'Text',
	value: 'text',
	description: 'The content, in the field “text”',
};

const asField: INodeProperties = {
	displayName: 'Return As',
	name: 'as',
	type: 'options',
	options: [
		{
			name: 'File',
			value: 'file',
			description: 'A file in a binary field, streamed without holding it in memory',
		},
		JSON_CHOICE,
		TEXT_CHOICE,
	],
	default: 'file',
	description: 'How to return the content',
};

/** Bytes of text that an agent gets, about 5,000 tokens. */
const DEFAULT_TEXT_BYTES = 20_000;
const MIN_TEXT_BYTES = 100;
const MAX_TEXT_BYTES = 10_000_000;

const maxTextBytesField: INodeProperties = {
	displayName: 'Max Text (Bytes)',
	name: 'maxTextBytes',
	type: 'number',
	typeOptions: { minValue: MIN_TEXT_BYTES, maxValue: MAX_TEXT_BYTES },
	default: DEFAULT_TEXT_BYTES,
	description:
		'Longer content is cut and returned as text, with “truncated” set to true and the range of the rest in “nextRange”. To let the agent read on, add the option Range and let the model define it.',
};

/** As what the content of an object is returned; a tool of an agent gets text that is cut at some bytes. */
export const returnAs: OptionGroup<{
	as: 'file' | 'text' | 'json';
	/** Bytes; undefined: nothing is cut. */
	cutAt: number | undefined;
}> = {
	fields: [
		...withTool(asField, {
			options: [JSON_CHOICE, TEXT_CHOICE],
			default: 'text',
			description:
				'How to return the content. An agent cannot take files: give it links with the operation Get Presigned URL.',
		}),
		...onlyForTools(maxTextBytesField),
	],
	read: (source) => {
		const bounds = { min: MIN_TEXT_BYTES, max: MAX_TEXT_BYTES, whole: true };
		const cutAt = readNumber(source, 'maxTextBytes', bounds);
		// A model may leave out what it is to define: it gets text all the same, and not without end.
		const isTool = isExpression(source.entered('maxTextBytes')) || cutAt !== undefined;
		return {
			as: readOneOf(source, 'as', ['file', 'text', 'json']) ?? (isTool ? 'text' : 'file'),
			cutAt: cutAt ?? (isTool ? DEFAULT_TEXT_BYTES : undefined),
		};
	},
};
