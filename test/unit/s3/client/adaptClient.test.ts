import { adaptClient } from '../../../../s3/client/adaptClient';
import { commands } from '../../../../s3/sdk';
import { clientWith } from './clientWith';

const body = `<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name><CreationDate>today</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>`;

/** The client of a connection to AWS, or to another server. */
const adapted = (endpoint?: string) =>
	clientWith((client) => adaptClient(client, { endpoint, region: 'us-east-1' }, []), { body });

it('a response is read no further than it is to be, and then its dates are', async () => {
	const { client } = adapted();
	expect((await client.send(new commands.ListBuckets())).Buckets).toEqual([{ Name: 'a' }]);
});

it('a request to AWS has the name of its call, and one to another server has not', async () => {
	const aws = adapted();
	await aws.client.send(new commands.ListBuckets());
	expect(aws.requests[0]?.query).toMatchObject({ 'x-id': 'ListBuckets' });
	const other = adapted('https://s3.amazonaws.com');
	Object.assign(other.client.config, { forcePathStyle: true });
	await other.client.send(new commands.ListBuckets()).catch(() => undefined);
	expect(other.requests.every(({ query }) => !('x-id' in query))).toBe(true);
});

it('a deletion says that it has no body', async () => {
	const { client, requests } = adapted();
	const deletion = new commands.DeleteObject({ Bucket: 'b', Key: 'k', VersionId: 'v' });
	// The response is one to another call.
	await client.send(deletion).catch(() => undefined);
	expect(requests[0]?.headers['content-length']).toBe('0');
});
