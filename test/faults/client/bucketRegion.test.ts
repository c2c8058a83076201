import { Readable } from 'node:stream';
import { openS3 } from '../../../s3/client/openS3';
import { getObject } from '../../../s3/download/getObject';
import { listObjects } from '../../../s3/list/listObjects';
import { putObject } from '../../../s3/upload/putObject';
import { startEmbedded } from '../../servers/embedded';
import type { EmbeddedServer } from '../../servers/embedded';
import { connectionTo } from '../../servers/connectionTo';

const bucket = 'far-away';
const call = { signal: undefined };
const content = Buffer.alloc(9 * 1024 * 1024, 5);

const source = (size: number) => ({
	size,
	open: async () =>
		await Promise.resolve(Readable.from([content.subarray(0, size)], { objectMode: false })),
});

describe.each(['redirect', 'malformed'] as const)(
	'a bucket of another region (%s)',
	(regionErrors) => {
		let server: EmbeddedServer;

		beforeEach(async () => {
			server = await startEmbedded({ bucketRegions: { [bucket]: 'eu-central-1' }, regionErrors });
		});
		afterEach(() => server.stop());

		const statuses = () => server.requests.map(({ status }) => status);

		it.each([
			['a small put', 100, {}],
			['a put as a stream', content.length, {}],
			['a put in parts', content.length, { multipartThreshold: 0 }],
		])('is found by %s, and remembered', async (_, size, settings) => {
			const s3 = await openS3(connectionTo(server));
			await putObject(s3, { bucket, key: 'key', source: source(size), ...settings }, call);
			expect(statuses()[0]).toBe(regionErrors === 'redirect' ? 301 : 400);
			expect(
				statuses()
					.slice(1)
					.every((status) => status === 200),
			).toBe(true);
			server.requests.length = 0;
			await putObject(s3, { bucket, key: 'key', source: source(1) }, call);
			expect(statuses()).toEqual([200]);
		});

		it('is found by list and get', async () => {
			server.store.putMany(bucket, ['key'], 3);
			const s3 = await openS3(connectionTo(server));
			const { value } = await listObjects(s3, { bucket }, call).next();
			expect(value).toMatchObject({ entries: [{ key: 'key' }] });
			const { body } = await getObject(s3, { bucket, key: 'key' }, call);
			body.destroy();
			expect(server.requests.map(({ operation }) => operation)).toEqual([
				'ListObjectsV2',
				'ListObjectsV2',
				'GetObject',
			]);
		});

		it('is never asked for its location', async () => {
			const s3 = await openS3(connectionTo(server));
			await putObject(s3, { bucket, key: 'key', source: source(1) }, call);
			const operations = server.requests.map(({ operation }) => operation);
			expect(operations).not.toContain('GetBucketLocation');
			expect(operations).not.toContain('HeadBucket');
		});
	},
);
