/** Copies from one account to another, and a folder of 10,000 objects that is deleted and comes back, in a real n8n. */
import { createHash } from 'node:crypto';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { read } from '../servers/embedded/content';
import { keyBytes } from '../servers/embedded/store';
import type { Version } from '../servers/embedded/store';
import type { N8n } from '../servers/n8n/n8n';
import { BUCKET, connectionData, inARow, node } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';

const S3 = 'n8n-nodes-amazon-s3.amazonS3';
const TYPE = 'amazonS3AccessKeysApi';
const TARGET_TYPE = 'amazonS3TargetAccessKeysApi';
const COUNT = 10_000;
/** Milliseconds. */
const MOST = 60_000;

let server: EmbeddedServer;
let other: EmbeddedServer;
let n8n: N8n;

beforeAll(async () => {
	[server, other] = await Promise.all([startEmbedded(), startEmbedded()]);
	server.store.makeBucket(BUCKET);
	other.store.makeBucket('copies');
	n8n = await sharedN8n();
});

afterAll(async () => {
	await n8n.stop();
	await Promise.all([server.stop(), other.stop()]);
});

const locator = (mode: string, value: string) => ({ __rl: true, mode, value });
const object = (name: string, column: number, operation: string, parameters: object) =>
	node(name, column, S3, {
		authentication: 'accessKeys',
		resource: 'object',
		operation,
		options: {},
		...parameters,
	});
const start = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});

/** Puts an object into the store of the account that all begins in. */
function put(key: string, content: string): void {
	const bytes = Buffer.from(content);
	server.store.bucket(BUCKET).put(keyBytes(key), {
		content: { size: bytes.length, pieces: [bytes] },
		etag: createHash('md5').update(bytes).digest('hex'),
		headers: { 'content-type': 'text/plain', 'x-amz-meta-of': encodeURIComponent(content) },
		tags: { of: 'it' },
		checksum: undefined,
		customerKey: undefined,
		parts: undefined,
	});
}

/** What belongs to an object: its bytes, metadata and tags. */
async function contentOf({ content, headers, tags }: Version) {
	const chunks: Buffer[] = [];
	if (content !== undefined) {
		for await (const chunk of read(content)) chunks.push(chunk);
	}
	return { bytes: Buffer.concat(chunks).toString(), headers, tags };
}

it('a workflow copies objects with metadata and tags from one account to another', async () => {
	const keys = ['a b+c.txt', 'ü/😀', '//x'];
	for (const key of keys) put(key, `content of ${key}`);
	const credentials = {
		[TYPE]: await n8n.createCredential('Source', TYPE, connectionData(server)[TYPE]),
		[TARGET_TYPE]: await n8n.createCredential('Target', TARGET_TYPE, connectionData(other)[TYPE]),
	};
	const code = `return ${JSON.stringify(keys)}.map((key) => ({ json: { key } }))`;
	const copy = object('Copy', 2, 'copy', {
		sourceBucket: locator('name', BUCKET),
		sourceKey: locator('key', '={{ $json.key }}'),
		anotherConnection: true,
		targetAuthentication: 'accessKeys',
		bucket: locator('name', 'copies'),
		key: '=copy of {{ $json.key }}',
	});
	const nodes = [
		start,
		{ ...node('Keys', 1, 'n8n-nodes-base.code', { jsCode: code }), typeVersion: 2 },
		{ ...copy, credentials },
	];
	const execution = await n8n.run(await n8n.createWorkflow(inARow('Copies', nodes)));
	expect(execution.error).toBeUndefined();
	expect(execution.itemsOf('Copy').map(({ json }) => json.copiedBy)).toEqual(
		keys.map(() => 'stream'),
	);
	for (const key of keys) {
		const copied = other.store.bucket('copies').get(keyBytes(`copy of ${key}`));
		expect(copied && (await contentOf(copied))).toMatchObject({
			bytes: `content of ${key}`,
			headers: {
				'content-type': 'text/plain',
				'x-amz-meta-of': encodeURIComponent(`content of ${key}`),
			},
			tags: { of: 'it' },
		});
	}
});

it(`a workflow deletes a folder of ${COUNT} objects and brings them back as they were, within a minute`, async () => {
	const bucket = server.store.bucket(BUCKET);
	bucket.versioning = 'Enabled';
	const keys = Array.from({ length: COUNT }, (_, index) => `folder/${index} a+b ü`);
	for (const key of keys) put(key, key);
	put('stays', 'x');
	const before = await Promise.all(
		keys.map(async (key) => await contentOf(bucket.get(keyBytes(key))!)),
	);
	const credentials = {
		[TYPE]: await n8n.createCredential('Many', TYPE, connectionData(server)[TYPE]),
	};
	const where = { bucket: locator('name', BUCKET) };
	const deletion = object('Delete', 1, 'deleteByPrefix', {
		...where,
		prefix: 'folder/',
		options: { maxObjects: COUNT, receipt: true },
	});
	const undelete = object('Undelete', 2, 'undelete', {
		...where,
		undeleteBy: 'receipt',
		receipt: '={{ $json.receipt }}',
	});
	const nodes = [start, { ...deletion, credentials }, { ...undelete, credentials }];
	const workflow = await n8n.createWorkflow(inARow('Many', nodes));
	const begun = performance.now();
	const execution = await n8n.run(workflow);
	expect(performance.now() - begun).toBeLessThan(MOST);
	expect(execution.error).toBeUndefined();
	expect(execution.itemsOf('Delete')[0]?.json).toMatchObject({ matched: COUNT, failed: [] });
	expect(execution.itemsOf('Undelete')[0]?.json).toMatchObject({ restored: COUNT, failed: [] });
	const deletions = server.requests.filter(({ operation }) => operation === 'DeleteObjects');
	expect(deletions).toHaveLength((2 * COUNT) / 1000);
	const after = await Promise.all(
		keys.map(async (key) => {
			const version = bucket.get(keyBytes(key));
			return version && (await contentOf(version));
		}),
	);
	expect(after).toEqual(before);
	expect(bucket.get(keyBytes('stays'))).toBeDefined();
});
