/** The options that a listing of versions shares with one of objects. */
import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { runNode } from './n8n';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const { credential } = server;

beforeEach(async () => {
	server.store.bucket(bucket).versioning = 'Enabled';
	for (const content of ['old', 'new']) {
		await putAll(credential, bucket, { a: content, 'y=1/b': content, z: content });
	}
});

const list = async (parameters: object) =>
	await runNode({
		parameters: { resource: 'object', operation: 'listVersions', returnAll: true, ...parameters },
		credential,
	});

it('List Versions gives common prefixes, owners and partitions if they are asked for', async () => {
	const options = { delimiter: '/', fetchOwner: true, partitionColumns: true };
	const { outputs, error } = await list({ options });
	expect(error).toBeUndefined();
	const owner = { displayName: 'embedded' };
	expect(outputs[0]?.map(({ json }) => json)).toMatchObject([
		{ key: 'a', isLatest: true, owner, partitions: {} },
		{ key: 'a', isLatest: false, owner, partitions: {} },
		{ bucket, prefix: 'y=1/', partitions: { y: '1' } },
		{ key: 'z', isLatest: true },
		{ key: 'z', isLatest: false },
	]);
});

it('List Versions goes on after the last key of which no version was left out', async () => {
	const keys: string[] = [];
	let startAfter = '';
	for (let page = 0; page < 3; page++) {
		const cut = { returnAll: false, limit: 3, output: 'array' };
		const { outputs } = await list({ ...cut, options: { startAfter } });
		const { versions = [], nextStartAfter } = (outputs[0]?.[0]?.json ?? {}) as {
			versions?: Array<{ key: string }>;
			nextStartAfter?: string;
		};
		keys.push(versions.map(({ key }) => key).join(' '));
		startAfter = nextStartAfter ?? 'none';
	}
	expect(keys).toEqual(['a a y=1/b', 'y=1/b y=1/b z', 'z z']);
	expect(startAfter).toBe('none');
});
