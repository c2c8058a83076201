import { pollGrowing } from '../../../s3/watch/pollGrowing';
import type { GrowingState } from '../../../s3/watch/pollGrowing';
import { withConnection } from '../../servers/withServer';

const bucket = 'growing';
const server = withConnection({ bucketsOfEachTest: [bucket] });
const request = {
	bucket,
	prefix: 'n/',
	keyMatches: undefined as string | undefined,
	maxObjects: 1000,
	caller: { requestPayer: false, expectedBucketOwner: undefined },
};
const key = (n: number) => `n/${String(n).padStart(6, '0')}`;
const put = (from: number, to: number) =>
	server.store.putMany(
		bucket,
		Array.from({ length: to - from }, (_, n) => key(from + n)),
	);
const poll = async (state: GrowingState | undefined, more = {}, isTimeOver = () => false) =>
	await pollGrowing(server.s3, { ...request, ...more }, state, isTimeOver, { signal: undefined });

it('keys that grow in order are each found once, with one request', async () => {
	put(0, 5);
	const first = await poll(undefined);
	expect(first).toEqual({ objects: [], state: { after: key(4) } });
	put(5, 7);
	server.requests.length = 0;
	const second = await poll(first.state);
	expect(second.objects.map((object) => object.key)).toEqual([key(5), key(6)]);
	expect(server.requests).toHaveLength(1);
	expect((await poll(second.state)).objects).toEqual([]);
});

it('keys that grow in order are found by the next poll if there are more than one may have', async () => {
	put(0, 5);
	const first = await poll({ after: '' }, { maxObjects: 3 });
	expect(first.objects).toHaveLength(3);
	const second = await poll(first.state, { maxObjects: 3 });
	expect(second.objects.map((object) => object.key)).toEqual([key(3), key(4)]);
});

it('keys that do not match are read past', async () => {
	put(0, 5);
	const { objects, state } = await poll({ after: '' }, { keyMatches: '**3' });
	expect(objects.map((object) => object.key)).toEqual([key(3)]);
	expect(state).toEqual({ after: key(4) });
});

it('what was there at the beginning is read past in several polls if one has not the time', async () => {
	put(0, 2500);
	const first = await poll(undefined, {}, () => true);
	expect(first).toEqual({ objects: [], state: { after: key(999), beginning: true } });
	const second = await poll(first.state);
	expect(second).toEqual({ objects: [], state: { after: key(2499) } });
});
