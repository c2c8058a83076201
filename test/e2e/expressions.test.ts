/** Expressions in the fields of the node, some of which it works out itself, beside n8n's own engine. */
import type { IDataObject, INode } from 'n8n-workflow';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import type { Release } from '../servers/n8n/install';
import type { N8n } from '../servers/n8n/n8n';
import { BUCKET, connectionData, inARow, node } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';

const S3 = 'n8n-nodes-amazon-s3.amazonS3';
let server: EmbeddedServer;
let n8n: N8n;
let credentials: object;

const set = (name: string, column: number, parameters: object): Partial<INode> => ({
	...node(name, column, 'n8n-nodes-base.set', { options: {}, ...parameters }),
	typeVersion: 3.4,
});

/** Items of these fields, that n8n gives a field `expected` with what it makes of the expression. */
function itemsWithExpected(items: IDataObject[], expression: string): Partial<INode>[] {
	const value = { id: '1', name: 'expected', type: 'string', value: expression };
	return [
		node('Start', 0, 'n8n-nodes-base.manualTrigger', {}),
		set('Json', 1, { mode: 'raw', jsonOutput: JSON.stringify({ items }) }),
		node('Items', 2, 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'items', options: {} }),
		set('Expected', 3, { includeOtherFields: true, assignments: { assignments: [value] } }),
	];
}

const ITEMS = [
	{ id: 1, name: 'plain', file: { name: 'a b.txt', 'of a': 'x' }, 'File Name': 'Grüße & 😀 .pdf' },
	{
		id: 0,
		name: '{{ $json.id }}',
		file: { name: '$json.id', 'of a': '\\' },
		'File Name': "'%20+'",
	},
	{ id: -1.5e21, name: 'a\nb', file: { name: '"quoted"', 'of a': '}}' }, 'File Name': '../x//' },
];

describe.each<Release>(['newest', 'oldest'])('the %s n8n', (release) => {
	beforeAll(async () => {
		server = await startEmbedded();
		server.store.makeBucket(BUCKET);
		n8n = await sharedN8n(release);
		const { amazonS3AccessKeysApi } = connectionData(server);
		const type = 'amazonS3AccessKeysApi';
		credentials = { [type]: await n8n.createCredential('S3', type, amazonS3AccessKeysApi) };
	});

	afterAll(async () => {
		await n8n.stop();
		await server.stop();
	});

	it.each([
		'={{ $json.name }}',
		'={{ $json.id }}',
		'=in {{ $json.file.name }}/{{$json["File Name"]}} {{ $json.id }}',
		'={"of": {"a": "{{ $json.file[\'of a\'] }}"}}',
		'={{ $json.name.toUpperCase() }}-{{ $json.id + 1 }}',
		'={{ $json.missing }}.{{ $json.name }}',
		'=\\{{ $json.id }} {{ $json.name }}',
		'= {{\n$json.file.name\n}}\n',
	])('the node takes the expression %j as n8n does, as a key and as text', async (expression) => {
		const bucket = { __rl: true, mode: 'name', value: BUCKET };
		const object = (operation: string, parameters: object): object => ({
			authentication: 'accessKeys',
			resource: 'object',
			operation,
			bucket,
			options: {},
			...parameters,
		});
		const put = object('put', { key: expression, source: 'text', text: expression });
		const key = { __rl: true, mode: 'key', value: '={{ $json.key }}' };
		const nodes = [
			...itemsWithExpected(ITEMS, expression),
			node('Put', 4, S3, put, credentials),
			node('Get', 5, S3, object('get', { key, as: 'text' }), credentials),
		];
		const execution = await n8n.run(await n8n.createWorkflow(inARow(expression, nodes)));
		expect(execution.error).toBeUndefined();
		const expected = execution.itemsOf('Expected').map(({ json }) => json.expected);
		expect(expected).toHaveLength(ITEMS.length);
		expect(execution.itemsOf('Put').map(({ json }) => json.key)).toEqual(expected);
		expect(execution.itemsOf('Get').map(({ json }) => json.text)).toEqual(expected);
	});
});
