import { firstGrowing, pollGrowing } from '../../../s3/watch/pollGrowing';
import type { GrowingState } from '../../../s3/watch/pollGrowing';
import { withConnection } from '../../servers/withServer';
import { watching } from './watching';

const bucket = 'growing';
const server = withConnection({ bucketsOfEachTest: [bucket] });
const request = { ...watching(bucket), prefix: 'n/' };
const key = (n: number) => `n/${String(n).padStart(6, '0')}`;
const put = (from: number, to: number) =>
	server.store.putMany(
		bucket,
		Array.from({ length: to - from }, (_, n) => key(from + n)),
	);
const poll = async (state: GrowingState, more = {}, isTimeOver = () => false) =>
	await pollGrowing(server.s3, { ...request, ...more }, state, isTimeOver, { signal: undefined });

it('keys that grow in order are each found once, with one request', async () => {
	put(0, 5);
	const first = await poll(firstGrowing(false));
	expect(first).toMatchObject({ objects: [], state: { after: key(4) } });
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
	const first = await poll(firstGrowing(false), {}, () => true);
	const beginning = expect.any(Number) as number;
	expect(first).toMatchObject({ objects: [], state: { after: key(999), beginning } });
	const second = await poll(first.state);
	expect(second).toMatchObject({ objects: [], state: { after: key(2499) } });
	expect(second.state).not.toHaveProperty('beginning');
});

it('what comes while what was there is still being read past is found', async () => {
	put(0, 2500);
	const first = await poll(firstGrowing(false), {}, () => true);
	put(2500, 2501);
	const soon = new Date(1000 * ((first.state.beginning ?? 0) + 1));
	server.store.bucket(bucket).get(key(2500))!.lastModified = soon;
	const second = await poll(first.state, {}, () => true);
	expect(second.objects).toEqual([]);
	expect((await poll(second.state)).objects.map((object) => object.key)).toEqual([key(2500)]);
});

it('a key that is too young holds up the keys after it, so that all come in order', async () => {
	put(0, 3);
	const minute = new Date(Date.now() - 60_000);
	for (const n of [0, 2]) server.store.bucket(bucket).get(key(n))!.lastModified = minute;
	const { objects, state } = await poll({ after: '' }, { minAge: 30 });
	expect(objects.map((object) => object.key)).toEqual([key(0)]);
	expect(state).toEqual({ after: key(0) });
});

it.each(['b--use1-az4--x-s3', 'access-point--use1-az4--xa-s3'])(
	'%s, which lists in no order, cannot be watched by growing keys',
	async (directory) => {
		await expect(poll({ after: '' }, { bucket: directory })).rejects.toMatchObject({
			kind: 'invalid',
		});
	},
);
