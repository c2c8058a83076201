import { newestObjects } from '../../../s3/watch/newestObjects';
import { withConnection } from '../../servers/withServer';
import { watching } from './watching';

const bucket = 'newest';
const server = withConnection({ bucketsOfEachTest: [bucket] });
const request = watching(bucket);

it('the newest objects of a long listing are found, the newest first', async () => {
	const keys = Array.from({ length: 2500 }, (_, n) => `n/${String(n).padStart(4, '0')}`);
	server.store.putMany(bucket, keys);
	for (const [key, age] of [
		['n/0700', 10],
		['n/1800', 20],
	] as const) {
		server.store.bucket(bucket).get(key)!.lastModified = new Date(Date.now() + age * 1000);
	}
	const found = await newestObjects(server.s3, request, 2, { signal: undefined });
	expect(found.map(({ key }) => key)).toEqual(['n/1800', 'n/0700']);
});
