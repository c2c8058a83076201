/** What n8n does not show of a connection test that passed is said when the node first runs. */
import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { withServer } from '../servers/withServer';
import { runNode, runPicker } from './n8n';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket], region: 'us-east-1' });

// An empty bucket would have a hint of its own.
beforeEach(() => server.store.putMany(bucket, ['key'], 1));

async function hintsOf(fields: object, parameters: object = {}) {
	const { error, hints } = await runNode({
		parameters: { resource: 'object', operation: 'list', output: 'array', ...parameters },
		credential: { ...server.credential, bucket, ...fields },
	});
	expect(error).toBeUndefined();
	return hints.map(({ message }) => message);
}

it('the first run of a node warns of http:// to a host that is not in a private network, the second does not', async () => {
	// Every address of this machine, which no rule for private ones can know.
	const endpoint = server.endpoint.replace('127.0.0.1', '0.0.0.0');
	expect(await hintsOf({ endpoint })).toEqual([
		'The endpoint of the credential begins with http://, so all data can be read on the way to 0.0.0.0; use https:// if the server has it.',
	]);
	expect(await hintsOf({ endpoint })).toEqual([]);
});

it('the first run of a node names the region of the bucket of the credential', async () => {
	server.store.makeBucket('far-bucket', 'eu-west-1');
	server.store.putMany('far-bucket', ['key'], 1);
	expect(await hintsOf({ bucket: 'far-bucket' })).toEqual([
		'The bucket “far-bucket” is in region eu-west-1, not us-east-1: that works, but choose eu-west-1 in the credential to save a request.',
	]);
	expect(await hintsOf({ bucket: 'far-bucket' })).toEqual([]);
});

it('the first run of a node names the region of the bucket of the node, also of a source', async () => {
	server.store.makeBucket('node-bucket', 'eu-west-1');
	server.store.putMany('node-bucket', ['key'], 1);
	const parameters = {
		operation: 'copy',
		sourceBucket: 'node-bucket',
		sourceKey: 'key',
		bucket,
		key: 'copy',
	};
	expect(await hintsOf({ bucket: '' }, parameters)).toEqual([
		'The bucket “node-bucket” is in region eu-west-1, not us-east-1: that works, but a credential with the region eu-west-1 saves a request.',
	]);
	expect(await hintsOf({ bucket: '' }, parameters)).toEqual([]);
});

it('the first run of a node says nothing of a connection that could not be better', async () => {
	expect(await hintsOf({})).toEqual([]);
});

describe('keys that may not list buckets', () => {
	let limited: ReturnType<typeof server.credentialOf>;

	beforeEach(() => {
		server.users.limited.allow?.push({ actions: ['s3:ListBucket'], resources: [bucket] });
		limited = server.credentialOf(server.users.limited);
	});

	const run = async () =>
		await hintsOf(
			{ ...limited, bucket: '' },
			{ bucket: { __rl: true, mode: 'name', value: bucket } },
		);
	const hint = expect.stringContaining(
		'may not list buckets, so the field Bucket has no list to choose from',
	) as string;

	it('the first run of a node says what the connection test found of the list of buckets, and asks for nothing', async () => {
		expect(await run()).toEqual([]);
		const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
		await amazonS3ConnectionTest.call(undefined as never, {
			id: '1',
			name: 'x',
			type: 'amazonS3AccessKeysApi',
			data: { ...limited },
		});
		expect(await run()).toEqual([hint]);
		expect(await run()).toEqual([]);
		expect(server.requests.filter(({ operation }) => operation === 'ListBuckets')).toHaveLength(1);
	});

	it('the first run of a node says what a list of buckets found that did not open', async () => {
		// Another connection than that of the test before.
		const credential = { ...server.credential, ...limited, multipartThresholdMb: 50 };
		await expect(runPicker('searchBuckets', { parameters: {}, credential })).rejects.toThrow();
		expect(await hintsOf({ ...credential, bucket: '' }, { bucket })).toEqual([hint]);
	});

	it('the first run of a node says nothing of a list of buckets that opens since the keys may list them', async () => {
		const credential = { ...server.credential, ...limited, multipartThresholdMb: 51 };
		const list = async () => await runPicker('searchBuckets', { parameters: {}, credential });
		await expect(list()).rejects.toThrow();
		server.users.limited.allow?.push({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] });
		await list();
		expect(await hintsOf({ ...credential, bucket: '' }, { bucket })).toEqual([]);
	});
});
