import {
	anyJson,
	arrayOf,
	boolean,
	dateTime,
	integer,
	object,
	oneOf,
	optional,
	schemaOf,
	text,
	textByName,
} from '../../../../nodes/run/schema';

describe('schemaOf', () => {
	it('schemaOf makes JSON schema of every word, and takes no other fields', () => {
		const fields = {
			key: text('A'),
			size: integer('B'),
			deleted: boolean('C'),
			moment: dateTime('D'),
			mode: oneOf('E', ['a', 'b']),
			status: oneOf('F', [304, 412]),
			metadata: textByName('G'),
			data: anyJson('H'),
		};
		expect(schemaOf(fields)).toEqual({
			type: 'object',
			properties: {
				key: { type: 'string', description: 'A' },
				size: { type: 'integer', description: 'B' },
				deleted: { type: 'boolean', description: 'C' },
				moment: { type: 'string', format: 'date-time', description: 'D' },
				mode: { type: 'string', enum: ['a', 'b'], description: 'E' },
				status: { type: 'integer', enum: [304, 412], description: 'F' },
				metadata: {
					type: 'object',
					additionalProperties: { type: 'string' },
					description: 'G',
				},
				data: {
					type: ['object', 'array', 'string', 'number', 'boolean', 'null'],
					description: 'H',
				},
			},
			required: Object.keys(fields),
			additionalProperties: false,
		});
	});

	it('schemaOf requires the fields that are not optional, within other fields too', () => {
		const inner = { id: text('A'), ...optional({ name: text('B') }) };
		const closed = { type: 'object', required: ['id'], additionalProperties: false };
		const schema = schemaOf({
			owner: object('C', inner),
			...optional({ parts: arrayOf('D', inner) }),
		});
		expect(schema.required).toEqual(['owner']);
		expect(schema.properties).toMatchObject({
			owner: { ...closed, description: 'C' },
			parts: { type: 'array', items: closed, description: 'D' },
		});
	});

	it('the editor is shown the fields of all forms together, those of the first form first', () => {
		const found = { key: text('A'), size: integer('B') };
		const missing = { key: text('C'), reason: text('D') };
		expect(schemaOf(found, missing)).toEqual({
			type: 'object',
			properties: {
				key: { type: 'string', description: 'A' },
				size: { type: 'integer', description: 'B' },
				reason: { type: 'string', description: 'D' },
			},
			anyOf: [schemaOf(found), schemaOf(missing)],
		});
	});
});
