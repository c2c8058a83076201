import { pollPrefix } from '../../../s3/watch/pollPrefix';
import { pollRequests } from '../../../s3/watch/pollRequests';
import { withConnection } from '../../servers/withServer';

const bucket = 'files';
const server = withConnection({ bucketsOfEachTest: [bucket] });
const request = {
	bucket,
	prefix: undefined,
	keyMatches: undefined,
	growing: false,
	caller: { requestPayer: false, expectedBucketOwner: undefined },
};
const call = { signal: undefined };

const put = (count: number, prefix = '') =>
	server.store.putMany(
		bucket,
		Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(6, '0')}`),
	);

it.each([
	[0, 1],
	[1, 1],
	[1000, 1],
	[1001, 2],
	[6999, 7],
	// From here on open uploads are listed, too.
	[7000, 8],
	[7001, 9],
])('a poll of %d objects takes %d requests', async (objects, requests) => {
	put(objects);
	const counted = await pollRequests(server.s3, request, call);
	expect(counted).toEqual({ requests, objects, isMore: false });
});

it('a poll of a prefix and of keys that match lists no others, and remembers only what matches', async () => {
	put(1500, 'a/');
	put(7500, 'b/');
	const inA = await pollRequests(server.s3, { ...request, prefix: 'a/' }, call);
	expect(inA).toMatchObject({ requests: 2, objects: 1500 });
	const keyMatches = 'b/*1';
	const inB = await pollRequests(server.s3, { ...request, keyMatches }, call);
	expect(inB).toMatchObject({ requests: 8, objects: 7500 });
});

it('pollRequests sends no more than 14 requests, and says that there is more', async () => {
	put(14_000);
	const all = await pollRequests(server.s3, request, call);
	expect(all).toEqual({ requests: 15, objects: 14_000, isMore: false });
	server.requests.length = 0;
	put(14_001);
	const counted = await pollRequests(server.s3, request, call);
	expect(counted).toEqual({ requests: 15, objects: 14_000, isMore: true });
	expect(server.requests).toHaveLength(14);
});

it('a poll does send as many requests', async () => {
	put(9000);
	const counted = await pollRequests(server.s3, request, call);
	const terms = { by: undefined, isStart: false, isTimeOver: () => false, call };
	const watched = { ...request, changes: true, existing: false, maxObjects: 1000, minAge: 0 };
	const { state } = await pollPrefix(server.s3, watched, undefined, terms);
	server.requests.length = 0;
	await pollPrefix(server.s3, watched, state, terms);
	expect(server.requests).toHaveLength(counted.requests);
});

it('a poll of growing keys takes one request, and nothing is listed to know that', async () => {
	put(3);
	const counted = await pollRequests(server.s3, { ...request, growing: true }, call);
	expect(counted).toEqual({ requests: 1, objects: undefined, isMore: false });
	expect(server.requests).toEqual([]);
});

it('pollRequests fails if the prefix cannot be listed', async () => {
	const asked = pollRequests(server.s3, { ...request, bucket: 'nowhere' }, call);
	await expect(asked).rejects.toMatchObject({ kind: 'notFound', bucket: 'nowhere' });
});
