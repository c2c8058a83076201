import { buffer } from 'node:stream/consumers';
import { listBuckets } from '../../../s3/buckets/listBuckets';
import { getObject } from '../../../s3/download/getObject';
import { listObjects } from '../../../s3/list/listObjects';
import { headObject } from '../../../s3/objects/headObject';
import { putObject } from '../../../s3/upload/putObject';
import { withServer } from '../../servers/withServer';
import { sourceOf } from '../upload/sources';

const bucket = 'other';
const call = { signal: undefined };
const content = Buffer.from('hello');

describe.each(['NL', 'RegionOne', 'zone_1-a'])('a server whose region is %s', (region) => {
	const server = withServer({ region, buckets: [bucket] });

	it(`a server whose region is ${region} stores, lists and gives objects`, async () => {
		const s3 = await server.connect({ region });
		await putObject(s3, { bucket, key: 'key', source: sourceOf(content) }, call);
		const { body } = await getObject(s3, { bucket, key: 'key' }, call);
		expect((await buffer(body)).equals(content)).toBe(true);
		const { value } = await listObjects(s3, { bucket }, call).next();
		expect(value).toMatchObject({ entries: [{ key: 'key' }] });
	});
});

describe('a server that refuses what it does not know', () => {
	const server = withServer({ buckets: [bucket] });

	beforeEach(() => {
		server.store.putMany(bucket, ['key'], content.length);
		server.faults.add({
			when: ({ headers, query }) =>
				headers['x-amz-checksum-mode'] !== undefined || 'max-buckets' in query || 'x-id' in query,
			effect: { kind: 'answer', status: 400, code: 'InvalidArgument' },
		});
	});

	it('a server that refuses the header for checksums gives objects and their metadata', async () => {
		const s3 = await server.connect();
		expect(await headObject(s3, { bucket, key: 'key' }, call)).toMatchObject({ size: 5 });
		const { body } = await getObject(s3, { bucket, key: 'key' }, call);
		expect(await buffer(body)).toHaveLength(5);
		expect(server.requests.map(({ operation }) => operation)).toEqual([
			'HeadObject',
			'HeadObject',
			'GetObject',
		]);
	});

	it('a server that refuses parameters of ListBuckets lists them', async () => {
		const s3 = await server.connect();
		const { value } = await listBuckets(s3, {}, call).next();
		expect(value).toMatchObject([{ bucket }]);
	});
});
