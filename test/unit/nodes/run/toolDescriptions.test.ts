import { NodeHelpers, type INodeParameters } from 'n8n-workflow';

import { AmazonS3 } from '../../../../nodes/AmazonS3/AmazonS3.node';
import { resources } from '../../../../nodes/AmazonS3/resources';
import { toolDescriptionsOf } from '../../../../nodes/run/toolDescriptions';
import type { Registry } from '../../../../nodes/run/operation';

const { description } = new AmazonS3();
const operations = Object.entries<Registry>(resources).flatMap(([resource, registry]) =>
	Object.entries(registry).map(([operation, { option }]) => ({ resource, operation, option })),
);

/** What n8n makes of the parameters of a node of a type. */
const parametersOf = (type: string, parameters: INodeParameters) =>
	NodeHelpers.getNodeParameters(
		description.properties,
		parameters,
		true,
		false,
		{ typeVersion: 1 },
		{ ...description, name: type },
	);

it.each(operations)(
	'the node says as a tool what $operation of $resource does',
	({ resource, operation, option }) => {
		const { toolDescription } = parametersOf('amazonS3Tool', { resource, operation }) ?? {};
		expect(toolDescription).toBe(option.description);
		expect(toolDescription).toMatch(/^\w.{15}/);
	},
);

it('the node itself has no description for agents', () => {
	expect(parametersOf('amazonS3', {})).not.toHaveProperty('toolDescription');
});

it('toolDescriptionsOf gives a field for each operation of a resource', () => {
	const fields = toolDescriptionsOf('object', resources.object);
	expect(fields.map(({ displayOptions }) => displayOptions?.show?.operation)).toEqual(
		Object.keys(resources.object).map((operation) => [operation]),
	);
});
