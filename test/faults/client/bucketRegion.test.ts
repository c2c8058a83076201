import { Readable } from 'node:stream';
import { getObject } from '../../../s3/download/getObject';
import { listObjects } from '../../../s3/list/listObjects';
import { putObject } from '../../../s3/upload/putObject';
import { withServer } from '../../servers/withServer';
import { rejectionOf } from '../../unit/failureOf';

const bucket = 'far-away';
const call = { signal: undefined, retryFor: 1000 };
const content = Buffer.alloc(9 * 1024 * 1024, 5);

const source = (size: number) => ({
	size,
	open: async () =>
		await Promise.resolve(Readable.from([content.subarray(0, size)], { objectMode: false })),
});

describe.each(['redirect', 'malformed'] as const)(
	'a bucket of another region (%s)',
	(regionErrors) => {
		const server = withServer({ bucketRegions: { [bucket]: 'eu-central-1' }, regionErrors });
		const statuses = () => server.requests.map(({ status }) => status);

		it.each([
			['a small put', 100, {}],
			['a put as a stream', content.length, {}],
			['a put in parts', content.length, { multipartThreshold: 0 }],
		])(
			'a bucket of another region is found by %s, and its region is remembered',
			async (_, size, settings) => {
				const s3 = await server.connect();
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
			},
		);

		it('a bucket of another region is found by list and get', async () => {
			server.store.putMany(bucket, ['key'], 3);
			const s3 = await server.connect();
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

		it('a bucket of another region is found by who may not look at it', async () => {
			const s3 = await server.connect();
			const headers = { 'x-amz-bucket-region': 'eu-central-1' };
			server.faults.add({ effect: { kind: 'answer', status: 403, headers } });
			const failure = await rejectionOf(s3.send('HeadBucket', { Bucket: bucket }, call));
			expect(failure.kind).toBe('denied');
			expect(s3.regionFoundFor(bucket)).toBe('eu-central-1');
		});

		it('a bucket of another region is never asked for its location', async () => {
			const s3 = await server.connect();
			await putObject(s3, { bucket, key: 'key', source: source(1) }, call);
			const operations = server.requests.map(({ operation }) => operation);
			expect(operations).not.toContain('GetBucketLocation');
			expect(operations).not.toContain('HeadBucket');
		});
	},
);
