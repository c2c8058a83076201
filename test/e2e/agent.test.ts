/** The node as tools of an AI agent whose model follows a script, with the fields as they are at first. */
import { object } from '../../nodes/AmazonS3/object';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import type { Release } from '../servers/n8n/install';
import type { N8n, Workflow } from '../servers/n8n/n8n';
import { BUCKET, connectionData, node } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';
import { openEditor } from './editor';
import { startModel } from './scriptedModel';
import type { Answer } from './scriptedModel';

const LANGCHAIN = '@n8n/n8n-nodes-langchain.';
const KEY = "={{ $fromAI('key') }}";
const byKey = { key: { __rl: true, mode: 'key', value: KEY } };

/** Tools by their names: the operation of each, and what is set in it. */
const TOOLS: Record<string, [operation: string, parameters: object]> = {
	'List Files': ['list', { prefix: 'invoices/', toolDescription: 'Lists the invoices.' }],
	'Write File': ['put', { key: KEY, text: "={{ $fromAI('text') }}" }],
	'Read File': ['get', byKey],
	'Move File': ['move', { sourceKey: byKey.key, key: "={{ $fromAI('target') }}" }],
	'Delete File': ['delete', byKey],
	'Delete Folder': ['deleteByPrefix', { prefix: "={{ $fromAI('prefix') }}" }],
};

describe.each<Release>(['newest', 'oldest'])('the %s n8n', (release) => {
	let server: EmbeddedServer;
	let n8n: N8n;
	let credentials: { amazonS3AccessKeysApi: { id: string; name: string } };

	beforeAll(async () => {
		server = await startEmbedded();
		server.store.makeBucket(BUCKET);
		server.store.putMany(BUCKET, ['invoices/2026/0815.pdf', 'invoices/2026/0816.pdf'], 10);
		server.store.putMany(BUCKET, ['long.txt'], 30_000);
		n8n = await sharedN8n(release);
		const data = { ...connectionData(server).amazonS3AccessKeysApi, bucket: BUCKET };
		const { id, name } = await n8n.createCredential('Sample', 'amazonS3AccessKeysApi', data);
		credentials = { amazonS3AccessKeysApi: { id, name } };
	});

	afterAll(async () => {
		await n8n.stop();
		await server.stop();
	});

	/** @param version of n8n's agent: 3 is what its editor makes, 1.9 is that of the example */
	function workflow(openAiApi: object, version: number): Workflow {
		const agent = { promptType: 'define', text: 'Write the answer down.', options: {} };
		const model = { model: { __rl: true, mode: 'id', value: 'script' }, options: {} };
		const type = 'n8n-nodes-amazon-s3.amazonS3Tool';
		const tools = Object.entries(TOOLS).map(([name, [operation, further]]) => {
			const parameters = { resource: 'object', operation, ...further };
			return node(name, 2, type, parameters, credentials);
		});
		const to = (type: string) => ({ [type]: [[{ node: 'Agent', type, index: 0 }]] });
		return {
			name: 'Agent',
			nodes: [
				node('Start', 0, 'n8n-nodes-base.manualTrigger', {}),
				{ ...node('Agent', 1, `${LANGCHAIN}agent`, agent), typeVersion: version },
				{ ...node('Model', 1, `${LANGCHAIN}lmChatOpenAi`, model, { openAiApi }), typeVersion: 1.2 },
				...tools,
			],
			connections: {
				Start: to('main'),
				Model: to('ai_languageModel'),
				...Object.fromEntries(Object.keys(TOOLS).map((name) => [name, to('ai_tool')])),
			},
		};
	}

	/** Runs an agent to its end, and gives its workflow and what its model was asked, one time after the other. */
	async function run(calls: Answer[], version = 3): Promise<{ id: string; asked: string[] }> {
		const model = await startModel([...calls, { words: 'Done.' }]);
		try {
			const data = { apiKey: 'none', url: model.url, header: false };
			const id = await n8n.createWorkflow(
				workflow(await n8n.createCredential('Model', 'openAiApi', data), version),
			);
			const execution = await n8n.run(id);
			expect(execution.error).toBeUndefined();
			expect(execution.itemsOf('Agent').map(({ json }) => json.output)).toEqual(['Done.']);
			return { id, asked: model.asked };
		} finally {
			await model.stop();
		}
	}

	it('an agent lists, writes, reads, moves and deletes through the node as a tool', async () => {
		const key = 'notes/answer.txt';
		const { asked } = await run([
			{ tool: 'List_Files', input: {} },
			{ tool: 'Write_File', input: { key, text: 'forty-two' } },
			{ tool: 'Read_File', input: { key } },
			{ tool: 'Move_File', input: { key, target: 'done/answer.txt' } },
			{ tool: 'Delete_File', input: { key: 'done/answer.txt' } },
		]);
		const [, listed = '', written = '', read = '', moved = '', deleted = ''] = asked;
		expect(listed).toContain('invoices/2026/0815.pdf');
		expect(written).toContain(key);
		expect(read).toContain('forty-two');
		expect(moved).toContain('sourceDeleted');
		expect(deleted).toContain('deleteMarker');
	});

	it('an agent is told of each tool what it does and what cannot be undone, or what somebody wrote', async () => {
		const { asked } = await run([]);
		const { tools } = JSON.parse(asked[0] ?? '') as {
			tools: { function: { name: string; description: string } }[];
		};
		expect(
			Object.fromEntries(tools.map(({ function: { name, description } }) => [name, description])),
		).toEqual({
			List_Files: 'Lists the invoices.',
			Write_File: object.put.option.description,
			Read_File: object.get.option.description,
			Move_File: object.move.option.description,
			Delete_File: object.delete.option.description,
			Delete_Folder: object.deleteByPrefix.option.description,
		});
		const written = tools.find(({ function: { name } }) => name === 'Write_File');
		expect(written?.function.description).toContain('An object with the same key is replaced');
	});

	it.each([1.9, 3])(
		'an agent of version %d is told that a text was cut, why a call failed, and what to do',
		async (version) => {
			const calls: Answer[] = [
				{ tool: 'Read_File', input: { key: 'long.txt' } },
				{ tool: 'Read_File', input: { key: '/missing.txt' } },
				{ tool: 'Delete_Folder', input: { prefix: '' } },
			];
			const [, read = '', missing = '', refused = ''] = (await run(calls, version)).asked;
			expect(read).toContain('truncated');
			expect(missing).toContain('there is no object with this key');
			expect(missing).toContain('try “missing.txt”');
			expect(refused).toContain('The prefix is empty');
		},
	);

	it('the form of a tool returns and takes text', async () => {
		const { id } = await run([]);
		const editor = await openEditor(n8n, id);
		try {
			for (const [name, field] of [
				['Read File', 'as'],
				['Write File', 'source'],
			] as const) {
				await editor.page.goto(`${n8n.url}/workflow/${id}/${name}`);
				await editor.field(field).waitFor();
				await editor.picture(`agent-${release}-${field}`);
				expect(await editor.field(field).locator('input').inputValue()).toBe('Text');
			}
		} finally {
			await editor.close();
		}
	});

	it('the description of a tool follows the operation until somebody writes one', async () => {
		const { id } = await run([]);
		const editor = await openEditor(n8n, id);
		const { page } = editor;
		const description = editor.field('toolDescription').locator('textarea');
		const choose = async (operation: string) => {
			await editor.field('operation').click();
			await page.getByRole('option', { name: operation }).first().click();
		};
		try {
			await page.goto(`${n8n.url}/workflow/${id}/Write%20File`);
			await description.waitFor();
			expect(await description.inputValue()).toBe(object.put.option.description);
			await choose('Get Tags');
			await page.waitForFunction(
				`document.querySelector('[data-test-id=parameter-input-toolDescription] textarea')?.value === ${JSON.stringify(object.getTags.option.description)}`,
			);
			await description.fill('Tags of invoices');
			await choose('Copy');
			await editor.field('sourceKey').waitFor();
			await editor.picture(`agent-${release}-description`);
			expect(await description.inputValue()).toBe('Tags of invoices');
		} finally {
			await editor.close();
		}
	});
});
