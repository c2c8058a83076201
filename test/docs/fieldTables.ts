/** Tables of fields on pages that are made of what forms declare. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { sentence } from './sentence';

/** The text of a cell: on one line, and without what ends a cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();

/** A table of the page; what would end a cell is escaped. */
export const table = (columns: readonly string[], rows: readonly string[][]): string =>
	[
		`| ${columns.join(' | ')} |`,
		`| ${columns.map(() => '---').join(' | ')} |`,
		...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
	].join('\n');

/** A field in a table: its name, what it has when it is new, and what it means with its values. */
export function rowOf(field: INodeProperties): string[] {
	const { displayName, displayOptions, description = '', hint = '' } = field;
	const conditions = Object.keys({ ...displayOptions?.show, ...displayOptions?.hide });
	const isAlwaysThere = conditions.every((name) => name === '@tool');
	const ofTool = displayOptions?.show?.['@tool'];
	const bold = isAlwaysThere ? `**${displayName}**` : `***${displayName}***`;
	const name = ofTool === undefined ? bold : `${bold}, of a tool`;
	const meaning = [description, hint].map(sentence).join(' ');
	return [name, defaultOf(field), `${meaning} ${valuesOf(field)}`];
}

/** What a field has when it is new, in the words of the form; nothing if it is empty. */
function defaultOf({ default: value, options = [] }: INodeProperties): string {
	if (typeof value === 'object' || value === undefined || value === '') return '';
	const named = choices(options).find((option) => option.value === value)?.name;
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	return named ?? String(value);
}

const choices = (options: NonNullable<INodeProperties['options']>): INodePropertyOptions[] =>
	options.filter(
		(option): option is INodePropertyOptions => 'value' in option && !('type' in option),
	);

const MOST_NAMES = 20;

/** The values to choose from, and what they mean if they say so. */
function valuesOf({ type, options = [] }: INodeProperties): string {
	if (type !== 'options' && type !== 'multiOptions') return '';
	const values = choices(options).map(({ name, description }) =>
		description === undefined ? `*${name}*` : `*${name}*: ${description}`,
	);
	const hasMeanings = choices(options).some(({ description }) => description !== undefined);
	// The regions of AWS would fill a screen and say nothing.
	if (!hasMeanings && values.length > MOST_NAMES) return '';
	return hasMeanings ? values.map(sentence).join(' ') : sentence(values.join(', '));
}
