import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

/**
 * A field that is another one if the node is a tool of an AI agent: files cannot go to an agent or come from it.
 *
 * @param ofTool what is different then
 */
export const withTool = (
	field: INodeProperties,
	ofTool: Partial<INodeProperties>,
): INodeProperties[] => [
	...updateDisplayOptions({ hide: { '@tool': [true] } }, [field]),
	...onlyForTools({ ...field, ...ofTool }),
];

/** Fields that the node has only as a tool of an AI agent. */
export const onlyForTools = (...fields: INodeProperties[]): INodeProperties[] =>
	updateDisplayOptions({ show: { '@tool': [true] } }, fields);
