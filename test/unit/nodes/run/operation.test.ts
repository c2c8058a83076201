import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { AmazonS3 } from '../../../../nodes/AmazonS3/AmazonS3.node';
import { resources } from '../../../../nodes/AmazonS3/resources';
import { operationsOf, type Operation, type Registry } from '../../../../nodes/run/operation';
import type { Schema } from '../../../../nodes/run/schema';

const { object } = resources;
const operations = Object.entries<Registry>(resources).flatMap(([resource, registry]) =>
	Object.entries(registry).map(([name, operation]) => ({ resource, name, operation })),
);

/** The paths of the fields that say nothing of themselves. */
function undescribed({ properties = {}, items }: Schema, path: string): string[] {
	const inside = Object.entries(properties).flatMap(([name, field]) => [
		...(field.description === undefined ? [`${path}.${name}`] : []),
		...undescribed(field, `${path}.${name}`),
	]);
	return items === undefined ? inside : [...inside, ...undescribed(items, `${path}[0]`)];
}

/** The fields that the form of an operation shows before anything is entered, without its options. */
function atFirst({ fields }: Pick<Operation, 'fields'>): INodeProperties[] {
	return fields.filter(
		(field) =>
			field.name !== 'options' &&
			NodeHelpers.displayParameter(defaultsOf(fields), field, null, null),
	);
}

/** The options that can be added after these have been. */
function optionsAfter(added: INodeParameters, { fields }: Pick<Operation, 'fields'>): string[] {
	const { options = [] } = fields.find(({ name }) => name === 'options') ?? {};
	return (options as INodeProperties[])
		.filter(({ type }) => type !== 'hidden')
		.filter((option) => NodeHelpers.displayParameter(added, option, null, null, defaultsOf(fields)))
		.map(({ name }) => name);
}

const defaultsOf = (fields: INodeProperties[]) =>
	Object.fromEntries<INodeParameters[string]>(fields.map((field) => [field.name, field.default]));

/** What can be entered in a form, one choice at a time; an expression, too, where the form takes one. */
function choicesIn({ fields }: Pick<Operation, 'fields'>): INodeParameters[] {
	const choices = fields
		.filter(({ type }) => type === 'options')
		.flatMap(({ name, options = [], noDataExpression }) => {
			const values = options.map((option) => ('value' in option ? option.value : ''));
			const all = noDataExpression === true ? values : [...values, '={{ $json.choice }}'];
			return all.map((value) => ({ [name]: value }));
		});
	return [{}, ...choices].map((choice) => ({ ...defaultsOf(fields), ...choice }));
}

describe('operationsOf', () => {
	const [dropDown, ...fields] = operationsOf('object', object, 'get');

	it('operationsOf offers every operation of the registry under the value that a workflow saves', () => {
		const values = dropDown?.options?.map((option) => 'value' in option && option.value);
		expect(values).toEqual(Object.keys(object));
		expect(dropDown?.default).toBe('get');
	});

	it('operationsOf shows every field for its own resource and operation only', () => {
		for (const field of fields) {
			expect(field.displayOptions?.show).toMatchObject({ resource: ['object'] });
			expect(field.displayOptions?.show?.operation).toHaveLength(1);
		}
	});

	it('operationsOf shows no field of another operation because a field has an expression', () => {
		const values = { resource: 'object', operation: 'get', key: '={{ $json.key }}' };
		const shown = fields.filter((field) => NodeHelpers.displayParameter(values, field, null, null));
		expect(new Set(shown.map((field) => field.displayOptions?.show?.operation?.[0]))).toEqual(
			new Set(['get']),
		);
	});

	it('operationsOf keeps the conditions that a field has of its own', () => {
		const limit = fields.find(({ name }) => name === 'limit');
		expect(limit?.displayOptions?.show).toEqual({
			returnAll: [false],
			resource: ['object'],
			operation: ['list'],
		});
	});
});

describe.each(operations)('$resource $name', ({ resource, name, operation }) => {
	it('every operation is registered under the value of its option, with an action for the node panel', () => {
		expect(operation.option.value).toBe(name);
		expect(operation.option.action).toEqual(expect.any(String));
	});

	it('every operation has a hint for programs that build workflows', () => {
		expect(operation.option.builderHint?.propertyHint).toEqual(expect.any(String));
	});

	it('the form of every operation has at most six fields and twenty options at first', () => {
		expect(atFirst(operation).length).toBeLessThanOrEqual(6);
		expect(optionsAfter({}, operation).length).toBeLessThanOrEqual(20);
	});

	it('every operation declares the fields of its output, each with a description', () => {
		expect(operation.output.type).toBe('object');
		// n8n's editor refuses a schema without fields.
		expect(Object.keys(operation.output.properties ?? {})).not.toEqual([]);
		expect(undescribed(operation.output, `${resource}.${name}`)).toEqual([]);
	});

	it.each(['amazonS3', 'amazonS3Tool'])(
		'no form of %s has two fields of the same name, whatever is chosen in it',
		(node) => {
			for (const values of choicesIn(operation)) {
				const shown = operation.fields.filter((field) =>
					NodeHelpers.displayParameter(values, field, null, { name: node } as INodeTypeDescription),
				);
				const names = shown.map((field) => field.name);
				expect({ values, names }).toEqual({ values, names: [...new Set(names)] });
			}
		},
	);

	it('every operation that works on each item by itself has the option Concurrency', () => {
		const options = operation.fields.find((field) => field.name === 'options');
		const names = options?.options?.map((option) => option.name);
		expect(names?.includes('concurrency')).toBe('execute' in operation);
	});
});

it.each([
	['delete', { versionId: 'v1' }],
	['deleteByPrefix', { allVersions: true }],
] as const)('the form of %s offers what unlocks versions only with %j', (name, added) => {
	const ofVersions = ['bypassGovernance', 'mfa'];
	const offered = (options: INodeParameters) =>
		optionsAfter(options, object[name]).filter((option) => ofVersions.includes(option));
	expect(offered({})).toEqual([]);
	expect(offered(added)).toEqual(ofVersions);
	expect(offered({ mfa: 'device 123456' })).toEqual(['mfa']);
});

describe('the node', () => {
	const { description, methods } = new AmazonS3();

	it('the node has a connection test for every credential it takes', () => {
		for (const { testedBy } of description.credentials ?? []) {
			expect(Object.keys(methods.credentialTest)).toContain(testedBy);
		}
		expect(description.credentials).toHaveLength(8);
	});

	it('the node has every picker that a field asks for', () => {
		const asked = description.properties
			.flatMap(({ modes }) => modes ?? [])
			.flatMap(({ typeOptions }) => typeOptions?.searchListMethod ?? []);
		expect(new Set(asked)).toEqual(new Set(Object.keys(methods.listSearch)));
	});

	it('the node loads nothing of the AWS SDK until it is used', () => {
		const loaded = Object.keys(require.cache).filter((path) => path.includes('@aws-sdk'));
		expect(loaded).toEqual([]);
	});
});
