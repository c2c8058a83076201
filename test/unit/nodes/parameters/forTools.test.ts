import { NodeHelpers, type INodeProperties, type INodeTypeDescription } from 'n8n-workflow';

import { onlyForTools, withTool } from '../../../../nodes/parameters/forTools';

const field: INodeProperties = { displayName: 'As', name: 'as', type: 'string', default: 'file' };

const shownIn = (type: string, fields: INodeProperties[]) =>
	fields.filter((one) =>
		NodeHelpers.displayParameter({}, one, null, { name: type } as INodeTypeDescription),
	);

it('withTool gives a node one field, and a tool another one of the same name', () => {
	const fields = withTool(field, { default: 'text' });
	expect(shownIn('amazonS3', fields).map((one) => one.default)).toEqual(['file']);
	expect(shownIn('amazonS3Tool', fields)).toMatchObject([{ name: 'as', default: 'text' }]);
});

it('onlyForTools gives fields to a tool, which keep their own conditions', () => {
	const [shown] = onlyForTools({ ...field, displayOptions: { show: { as: ['text'] } } });
	expect(shown?.displayOptions).toEqual({ show: { as: ['text'], '@tool': [true] } });
	expect(shownIn('amazonS3', onlyForTools(field))).toEqual([]);
});
