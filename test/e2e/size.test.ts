/** Sizes that n8n's own nodes do not manage, in a real n8n. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n } from '../servers/n8n/n8n';
import { BUCKET, connectionData, inARow, node, objectNode } from '../servers/n8n/sample';
import { bytesFrom } from '../bytes';

const MiB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'n8n-size-'));

let server: EmbeddedServer;
let n8n: N8n;
let credentials: object;

beforeAll(async () => {
	server = await startEmbedded({ directory: join(folder, 's3') });
	server.store.makeBucket(BUCKET);
	n8n = await startN8n({
		userFolder: join(folder, 'n8n'),
		env: { N8N_RESTRICT_FILE_ACCESS_TO: folder, N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' },
	});
	const { amazonS3AccessKeysApi } = connectionData(server);
	credentials = {
		amazonS3AccessKeysApi: await n8n.createCredential(
			'S3',
			'amazonS3AccessKeysApi',
			amazonS3AccessKeysApi,
		),
	};
});

afterAll(async () => {
	await n8n.stop();
	await server.stop();
	rmSync(folder, { recursive: true, force: true });
});

const start = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});
const object = (name: string, column: number, operation: string, parameters: object) =>
	objectNode(name, column, operation, parameters, credentials);

async function sha256(file: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(file), hash);
	return hash.digest('hex');
}

async function makeFile(file: string, size: number): Promise<void> {
	const block = bytesFrom(MiB, (i) => (i * 131) % 251);
	const blocks = function* () {
		for (let written = 0; written < size; written += MiB) {
			block.writeUInt32LE(written / MiB);
			yield Buffer.from(block.subarray(0, Math.min(MiB, size - written)));
		}
	};
	await pipeline(Readable.from(blocks()), createWriteStream(file));
}

/** A file of this many MiB from disk to S3 and back; gives the most memory, in bytes, that n8n had meanwhile. */
async function moveThereAndBack(name: string, size: number): Promise<number> {
	const file = join(folder, `${name}.bin`);
	const back = join(folder, `${name}.back`);
	await makeFile(file, size * MiB);
	const workflowId = await n8n.createWorkflow(
		inARow(`${String(size)} MiB`, [
			start,
			node('Read', 1, 'n8n-nodes-base.readWriteFile', {
				operation: 'read',
				fileSelector: file,
				options: {},
			}),
			object('Put', 2, 'put', {
				key: '={{ $binary.data.fileName }}',
				source: 'binary',
				binaryProperty: 'data',
			}),
			object('List', 3, 'list', { prefix: name, returnAll: true, output: 'items' }),
			object('Get', 4, 'get', {
				key: { __rl: true, mode: 'key', value: '={{ $json.key }}' },
				as: 'file',
				binaryProperty: 'data',
			}),
			node('Write', 5, 'n8n-nodes-base.readWriteFile', {
				operation: 'write',
				fileName: back,
				dataPropertyName: 'data',
				options: {},
			}),
		]),
	);
	let peak = n8n.memory();
	const watch = setInterval(() => (peak = Math.max(peak, n8n.memory())), 100);
	const execution = await n8n.run(workflowId);
	clearInterval(watch);
	expect(execution.error).toBeUndefined();
	expect(execution.itemsOf('List')[0]?.json).toMatchObject({
		key: `${name}.bin`,
		size: size * MiB,
	});
	expect(execution.itemsOf('Put')[0]?.json).toMatchObject({ size: size * MiB, parts: size / 8 });
	expect(await sha256(back)).toBe(await sha256(file));
	return peak;
}

it('a workflow moves 1 GiB there and back, byte for byte, in the memory that 256 MiB take', async () => {
	const small = await moveThereAndBack('small', 256);
	const large = await moveThereAndBack('large', 1024);
	process.stdout.write(`n8n grew by ${String(Math.round((large - small) / MiB))} MiB\n`);
	// A copy of either file in memory would be 768 MiB more. The rest is what V8 has not collected yet.
	expect(large - small).toBeLessThan(192 * MiB);
});

describe('100,000 objects', () => {
	const keys = Array.from({ length: 100_000 }, (_, i) => `many/${String(i).padStart(6, '0')}`);

	beforeAll(() => {
		server.store.putMany(BUCKET, keys);
	});

	async function list(output: string) {
		const parameters = { prefix: 'many/', returnAll: true, output, binaryProperty: 'data' };
		const workflowId = await n8n.createWorkflow(
			inARow(`100,000 as ${output}`, [start, object('List', 1, 'list', parameters)]),
		);
		const execution = await n8n.run(workflowId);
		expect(execution.error).toBeUndefined();
		return execution.itemsOf('List');
	}

	it('100,000 objects are all there as items', async () => {
		const items = await list('items');
		expect(items.map(({ json }) => json.key)).toEqual(keys);
	});

	it('100,000 objects are all there as an array', async () => {
		const [item] = await list('array');
		expect((item?.json.objects as { key: string }[]).map(({ key }) => key)).toEqual(keys);
		expect(item?.json.truncated).toBe(false);
	});

	it.each(['ndjson', 'csv'])('100,000 objects are all there as %s', async (output) => {
		const [item] = await list(output);
		const text = (await n8n.binary(item?.binary?.data?.id ?? '')).toString();
		const found = [...text.matchAll(/many\/\d{6}/g)].map(([key]) => key);
		expect(found).toEqual(keys);
	});
});
