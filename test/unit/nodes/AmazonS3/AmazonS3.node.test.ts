/** What holds for the forms of all operations. */
import type { INodeProperties } from 'n8n-workflow';

import { AmazonS3 } from '../../../../nodes/AmazonS3/AmazonS3.node';
import { resources } from '../../../../nodes/AmazonS3/resources';
import type { Registry } from '../../../../nodes/run/operation';

const operations = Object.entries<Registry>(resources).flatMap(([resource, registry]) =>
	Object.entries(registry).map(([name, { fields, option }]) => ({
		operation: `${resource} ${name}`,
		fields,
		option,
	})),
);

/** What says how the node runs, or for whom, whatever the operation does. */
const LAST = ['concurrency', 'retryFor', 'expectedBucketOwner', 'requestPayer'];

const optionsOf = (fields: INodeProperties[]): string[] =>
	(fields.find(({ name }) => name === 'options')?.options ?? []).map(({ name }) => name);

/** Whether a person has to fill a field in, as it has nothing at first: no text, or a locator without one. */
const isEmpty = (field: INodeProperties): boolean =>
	/^(""|.*"value":"")/.test(JSON.stringify(field.default));

it.each(operations)(
	'the form of $operation demands no field that n8n shows only because an expression decides it',
	({ fields }) => {
		const takesExpression = (name: string) =>
			fields.some((field) => field.name === name && field.noDataExpression !== true);
		const demanded = fields.filter((field) => {
			const { required = false, displayOptions = {} } = field;
			const { show = {}, hide = {} } = displayOptions;
			const deciding = [...Object.keys(show), ...Object.keys(hide)];
			return required && isEmpty(field) && deciding.some(takesExpression);
		});
		expect(demanded.map(({ name }) => name)).toEqual([]);
	},
);

it.each(operations)(
	'the options of $operation that say how the node runs come last',
	({ fields }) => {
		const names = optionsOf(fields);
		const last = LAST.filter((name) => names.includes(name));
		expect(names.slice(names.length - last.length)).toEqual(last);
	},
);

/** What is lost for good in a bucket without versions, and the words that say so to those who choose an operation. */
const LOSES: Readonly<Record<string, RegExp>> = {
	'object put': /is replaced, unless Overwrite/,
	'object copy': /is replaced, unless Overwrite/,
	'object move': /delete the source.* is replaced, unless Overwrite/,
	'object delete': /^Delete .*Only a bucket with versions can bring objects back/,
	'object deleteByPrefix': /^Delete .*Only a bucket with versions can bring objects back/,
	'bucket delete': /^Delete .*everything in it is lost/,
};

it.each(operations.filter(({ operation }) => operation in LOSES))(
	'the description of $operation says what is lost',
	({ operation, option }) => {
		expect(option.description).toMatch(LOSES[operation] ?? /^$/);
	},
);

it('the form and the panel of nodes show objects before buckets, and Put first', () => {
	const { properties } = new AmazonS3().description;
	const valuesOf = (name: string) =>
		(properties.find((field) => field.name === name)?.options ?? []).map((option) =>
			'value' in option ? option.value : '',
		);
	expect(valuesOf('resource').slice(0, 2)).toEqual(['object', 'bucket']);
	expect(valuesOf('operation').slice(0, 3)).toEqual(['put', 'get', 'list']);
});
