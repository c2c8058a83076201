import type { S3 } from '../../../s3/client/S3';
import type { ListRequest } from '../../../s3/list/listObjects';
import { watchedPages } from '../../../s3/watch/watchedPages';
import { withConnection } from '../../servers/withServer';
import { asAws } from '../asAws';

const bucket = 'files';
const server = withConnection({ bucketsOfEachTest: [bucket] });

async function keysOf(request: Partial<ListRequest> = {}, s3: S3 = server.s3): Promise<string[]> {
	const keys: string[] = [];
	for await (const { entries } of watchedPages(s3, { bucket, ...request }, { signal: undefined })) {
		for (const entry of entries) if ('key' in entry) keys.push(entry.key);
	}
	return keys;
}

const put = (count: number): string[] => {
	const keys = Array.from({ length: count }, (_, n) => `day/${String(n).padStart(6, '0')}`);
	server.store.putMany(bucket, keys);
	return keys;
};

it('a directory bucket with many pages is listed by its tokens to its end', async () => {
	const keys = put(16_000);
	// The server of the tests has no such buckets.
	const send: S3['send'] = async (name, input, call) =>
		await server.s3.send(name, { ...input, Bucket: bucket }, call);
	const s3 = { ...asAws(server.s3), send };
	expect(await keysOf({ bucket: 'files--use1-az4--x-s3' }, s3)).toEqual(keys);
	expect(server.requests).toHaveLength(16);
	expect(server.requests.filter(({ query }) => 'start-after' in query)).toEqual([]);
});

it.each([0, 1, 1000, 1001, 13_001])(
	'a watched prefix of %d objects is listed with one request for each page',
	async (count) => {
		const keys = put(count);
		expect(await keysOf()).toEqual(keys);
		expect(server.requests).toHaveLength(Math.max(1, Math.ceil(count / 1000)));
	},
);

it('a watched prefix of many objects is listed completely, with several requests at once after some pages', async () => {
	const keys = put(40_000);
	expect(await keysOf()).toEqual(keys);
	const tokens = server.requests.map(({ query }) => query['continuation-token']);
	expect(tokens.slice(1, 14)).not.toContain(undefined);
	expect(tokens.slice(14)).toContain(undefined);
	// 40 pages; how many requests find nothing is a matter of times.
	expect(server.requests.length).toBeLessThan(80);
});

it('a watched prefix goes on after a page of which nothing matches', async () => {
	const keys = put(16_000);
	expect(await keysOf({ keyMatches: '**5999' })).toEqual(
		keys.filter((key) => key.endsWith('5999')),
	);
});
