/** What n8n does not show of a connection test that passed is said when the node first runs. */
import { withServer } from '../servers/withServer';
import { runNode } from './n8n';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket], region: 'us-east-1' });

// An empty bucket would have a hint of its own.
beforeEach(() => server.store.putMany(bucket, ['key'], 1));

async function hintsOf(fields: object) {
	const { error, hints } = await runNode({
		parameters: { resource: 'object', operation: 'list', output: 'array' },
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

it('the first run of a node says nothing of a connection that could not be better', async () => {
	expect(await hintsOf({})).toEqual([]);
});
