import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

import { withServer } from '../servers/withServer';
import { contentOf, runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const COUNT = 100_000;
const keys = Array.from({ length: COUNT }, (_, n) => `data/${String(n).padStart(6, '0')}.json`);

const bucket = 'bucket';
const server = withServer({ buckets: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

beforeAll(() => server.store.putMany(bucket, keys));

const list = async (parameters: object) =>
	await runNode({
		parameters: { resource: 'object', operation: 'list', returnAll: true, ...parameters },
		credential,
	});

/** Lines of a file, without the text as a whole. */
async function linesOf(content: Buffer): Promise<string[]> {
	const lines: string[] = [];
	for await (const line of createInterface({ input: Readable.from([content]) })) lines.push(line);
	return lines;
}

describe('a bucket of 100,000 objects is listed completely', () => {
	it('a bucket of 100,000 objects is listed completely as items', async () => {
		const { outputs, hints } = await list({ output: 'items' });
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual(keys);
		expect(hints).toEqual([]);
	});

	it('a bucket of 100,000 objects is listed completely as an array', async () => {
		const { outputs, hints } = await list({ output: 'array' });
		const { objects, ...summary } = outputs[0]?.[0]?.json ?? {};
		expect((objects as { key: string }[]).map(({ key }) => key)).toEqual(keys);
		expect(summary).toMatchObject({ count: COUNT, truncated: false });
		expect(hints).toEqual([]);
	});

	it('a bucket of 100,000 objects is listed completely as NDJSON', async () => {
		const { outputs } = await list({ output: 'ndjson' });
		const lines = await linesOf(await contentOf(outputs[0]?.[0]?.binary?.data));
		expect(lines.map((line) => (JSON.parse(line) as { key: string }).key)).toEqual(keys);
	});

	it('a bucket of 100,000 objects is listed completely as CSV', async () => {
		const { outputs } = await list({ output: 'csv' });
		const lines = await linesOf(await contentOf(outputs[0]?.[0]?.binary?.data));
		expect(lines.slice(1).map((line) => line.split(',')[1])).toEqual(keys);
	});
});

describe('a bucket of more than that', () => {
	const more = ['more/1', 'more/2'];
	beforeAll(() => server.store.putMany(bucket, more));

	it.each(['items', 'array'])(
		'a listing of more than 100,000 objects is cut there as %s, and the output says so',
		async (output) => {
			const { outputs, hints } = await list({ output });
			expect(hints).toEqual([
				expect.objectContaining({
					message: expect.stringMatching(/^Only the first 100,000 objects of bucket/) as string,
					location: 'outputPane',
				}),
			]);
			const [first] = outputs[0] ?? [];
			if (output === 'items') expect(outputs[0]).toHaveLength(COUNT);
			else expect(first?.json).toMatchObject({ truncated: true, nextStartAfter: keys.at(-1) });
		},
	);

	it('a listing of more than 100,000 objects can be continued after the last key', async () => {
		const { outputs } = await list({ options: { startAfter: keys.at(-1) } });
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual(more);
	});

	it.each(['ndjson', 'csv'])(
		'a listing of more than 100,000 objects is whole as %s',
		async (output) => {
			const { outputs, hints } = await list({ output });
			expect(outputs[0]?.[0]?.json).toMatchObject({ count: COUNT + 2, truncated: false });
			expect(hints).toEqual([]);
		},
	);
});
