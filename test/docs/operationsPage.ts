/** docs/operations.md: the fields and results of all operations, made of what they declare. */
import type { INodeProperties } from 'n8n-workflow';

import { resources } from '../../nodes/AmazonS3/resources';
import { eachOnce } from '../../nodes/parameters/offeredBeside';
import type { Operation, Registry } from '../../nodes/run/operation';
import type { Schema } from '../../nodes/run/schema';
import { rowOf, table } from './fieldTables';
import { capitalized, sentence } from './sentence';

const INTRODUCTION = `# Operations

Every field and every result of the node, made of its code by \`npm run docs\`. What each operation needs of IAM is
on the page about [permissions](permissions.md).

Each field takes expressions, which are evaluated for each item. A field in *italics* is shown only with some values of
others, one *of a tool* only if the node is a tool of an AI agent. Each option can be left out:
*When added* is the value that it has at first if it is added, not what counts without it.`;

/** The headings of operations, as links to them. */
const linksTo = (titles: string[]): string =>
	titles
		.map((title) => `[${title}](#${title.toLowerCase().replace(':', '').replaceAll(' ', '-')})`)
		.join(' · ');

/** Fields of which one is there for each choice in another field, such as the key of Put, as one that is always there. */
function inWords(fields: INodeProperties[]): INodeProperties[] {
	const isOfTool = ({ displayOptions }: INodeProperties) =>
		displayOptions?.show?.['@tool'] !== undefined;
	const same = (field: INodeProperties) =>
		fields.filter((one) => one.name === field.name && isOfTool(one) === isOfTool(field));
	return fields
		.filter((field) => same(field)[0] === field)
		.map((field) => (same(field).length === 1 ? field : { ...field, displayOptions: {} }));
}

/** The fields of a result; those of objects and lists inside of it after a dot. */
function resultRows(schema: Schema, path = ''): string[][] {
	const fields = Object.entries(schema.properties ?? {});
	return fields.flatMap(([name, field]) => {
		const full = `${path}${name}`;
		const row = [`\`${full}\``, typeOf(field), sentence(field.description ?? '')];
		const inner = field.items ?? field;
		const isList = field.type === 'array';
		return [row, ...resultRows(inner, `${full}${isList ? '[]' : ''}.`)];
	});
}

function typeOf({ type, enum: values, format, additionalProperties }: Schema): string {
	if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ');
	if (format === 'date-time') return 'date and time';
	if (type === 'object' && typeof additionalProperties === 'object') return 'text by name';
	if (Array.isArray(type)) return 'any';
	const words: Readonly<Record<string, string>> = {
		array: 'list',
		boolean: 'true or false',
		integer: 'number',
		string: 'text',
	};
	return words[type as string] ?? String(type);
}

const titleOf = (resource: string, { option }: Operation): string =>
	`${capitalized(resource)}: ${option.name}`;

function section(resource: string, operation: Operation): string {
	const { option, fields, output } = operation;
	const options = fields.find(({ name }) => name === 'options')?.options ?? [];
	const own = fields.filter(({ name }) => name !== 'options');
	return [
		`## ${titleOf(resource, operation)}`,
		sentence(option.description ?? ''),
		...(own.length === 0 ? [] : [table(['Field', 'Default', 'Meaning'], inWords(own).map(rowOf))]),
		table(['Option', 'When added', 'Meaning'], eachOnce(options as INodeProperties[]).map(rowOf)),
		table(['Result', 'Type', 'Meaning'], resultRows(output)),
	].join('\n\n');
}

/** The whole page. */
export function operationsPage(): string {
	const { object, bucket, queue } = resources;
	const all = Object.entries<Registry>({ object, bucket, queue }).flatMap(([resource, registry]) =>
		Object.values(registry).map((operation) => [resource, operation] as const),
	);
	const links = linksTo(all.map((one) => titleOf(...one)));
	return `${[INTRODUCTION, links, ...all.map((one) => section(...one))].join('\n\n')}\n`;
}
