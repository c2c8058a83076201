import { randomBytes } from 'node:crypto';
import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import {
	contentOf,
	removeBinaryStore,
	runNode,
	startBinaryStore,
	storedFile,
	type BinaryMode,
} from './n8n';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket], bucketOfCredential: bucket });
const { credential } = server;
/** Longer than what is in memory of a download at once, and nowhere the same. */
const large = randomBytes(50 * 1024 * 1024 + 17);

beforeAll(async () => {
	await putAll(credential, bucket, { small: 'small' });
});
afterAll(removeBinaryStore);

const get = async (key: string) =>
	await runNode({ parameters: { resource: 'object', operation: 'get', key }, credential });

describe.each<[BinaryMode, RegExp | undefined]>([
	['filesystem', undefined],
	['default', /^n8n keeps files in memory here, so its memory limits their size\./],
	['database', /^n8n keeps files in “database” mode here/],
])('with n8n’s store in the mode “%s”', (mode, limit) => {
	const words = limit === undefined ? [] : [expect.stringMatching(limit) as string];
	beforeAll(async () => await startBinaryStore(mode));

	it(`files go to S3 and come back with n8n’s store in the mode “${mode}”`, async () => {
		const content = Buffer.from([0, 1, 2, 255]);
		const data = await storedFile(content, { mimeType: 'image/png' });
		const put = { resource: 'object', operation: 'put', key: 'four' };
		const stored = await runNode({
			items: [{ json: {}, binary: { data } }],
			parameters: put,
			credential,
		});
		expect(stored.outputs[0]?.[0]?.json).toMatchObject({ size: 4, contentType: 'image/png' });
		const { outputs, hints } = await get('four');
		expect(await contentOf(outputs[0]?.[0]?.binary?.data)).toEqual(content);
		expect(hints).toEqual([]);
	});

	it(`large files go to S3 and come back with ${limit ? 'a word on the limit' : 'no word on a limit'} in the mode “${mode}”`, async () => {
		const data = await storedFile(large);
		const options = { multipartThresholdMb: 5, partSizeMb: 5 };
		const put = { resource: 'object', operation: 'put', key: 'large in parts', options };
		const stored = await runNode({
			items: [{ json: {}, binary: { data } }],
			parameters: put,
			credential,
		});
		expect(stored.outputs[0]?.[0]?.json).toMatchObject({ size: large.length, parts: 11 });
		expect(stored.hints.map(({ message }) => message)).toEqual([
			...words,
			`1 object put into bucket “${bucket}”.`,
		]);
		const { outputs, hints } = await get('large in parts');
		expect(hints.map(({ message }) => message)).toEqual(words);
		expect((await contentOf(outputs[0]?.[0]?.binary?.data)).equals(large)).toBe(true);
	});

	it(`listings become files with n8n’s store in the mode “${mode}”`, async () => {
		const parameters = { resource: 'object', operation: 'list', output: 'ndjson', prefix: 'small' };
		const { outputs } = await runNode({ parameters, credential });
		expect(String(await contentOf(outputs[0]?.[0]?.binary?.data))).toContain('"key":"small"');
	});
});

it('an object that n8n could not read from its database is refused before it is read', async () => {
	await startBinaryStore('database');
	server.store.putMany(bucket, ['a.iso'], 251 * 1024 * 1024);
	server.requests.length = 0;
	const { error } = await get('a.iso');
	expect(error?.message).toBe(
		'n8n keeps the file “a.iso” in its database, from which it cannot read more than 250 MiB: it has 251 MiB',
	);
	// Ranges of 8 MiB, of which no more are asked for than fit into the memory of a connection.
	expect(server.requests.length).toBeLessThan(16);
});

describe('a file that n8n no longer has', () => {
	it('a file that n8n no longer has is said to be gone, with what to do', async () => {
		await startBinaryStore('filesystem');
		const data = await storedFile(Buffer.from('x'), { fileName: 'a.pdf' });
		const gone = { ...data, id: `${data.id}-gone` };
		const { error } = await runNode({
			items: [{ json: {}, binary: { data: gone } }],
			parameters: { resource: 'object', operation: 'put', key: 'k' },
			credential,
		});
		expect(error?.message).toBe('n8n cannot read the file “a.pdf” of the item from its store');
		expect(error?.description).toContain('Run the node that made the file again');
	});
});
