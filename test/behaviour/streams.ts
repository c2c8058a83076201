/** What becomes of objects that go from one server to another. */
import type { TestServer } from '../servers/TestServer';
import { withServer } from '../servers/withServer';
import { ALL, content } from './content';
import { MiB, TestBucket } from './TestBucket';

const inParts = { multipartThreshold: 5 * MiB, partSize: 5 * MiB };

export function describeStreams(server: () => TestServer): void {
	const embedded = withServer();
	let here: TestBucket;
	let there: TestBucket;
	beforeAll(async () => {
		here = await TestBucket.open(server());
		there = await TestBucket.open({ ...embedded, virtualHostEndpoint: undefined, lacks: [] });
	});

	it.each([
		['no bytes', 0, 1],
		['few bytes', 1000, 1],
		['many bytes', content.length, 3],
	])(
		'a copy of %s to another server and back has all that its source has',
		async (key, size, parts) => {
			const bytes = content.subarray(0, size);
			await here.put(key, bytes, ALL);
			const before = await here.kept(key);
			const wanted = { size, parts, copiedBy: 'stream', skipped: false };
			expect(await here.copyTo(there, key, inParts)).toMatchObject(wanted);
			await here.delete(key);
			expect(await there.copyTo(here, key, inParts)).toMatchObject(wanted);
			for (const bucket of [there, here]) {
				expect((await bucket.get(key)).content.equals(bytes)).toBe(true);
				expect(await bucket.kept(key)).toEqual(before);
				expect(await bucket.openUploads()).toBe(0);
			}
		},
	);

	it('a move to another server leaves only the copy, and none without a source', async () => {
		await here.put('moved', 'content', ALL);
		expect(await here.moveTo(there, 'moved')).toMatchObject({ sourceDeleted: true });
		expect((await there.get('moved')).content.toString()).toBe('content');
		await expect(here.head('moved')).rejects.toMatchObject({ kind: 'notFound' });
		await expect(there.copyTo(here, 'nothing')).rejects.toMatchObject({ kind: 'notFound' });
		await expect(here.head('nothing')).rejects.toMatchObject({ kind: 'notFound' });
	});
}
