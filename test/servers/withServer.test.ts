import { request } from 'node:http';
import { headObject } from '../../s3/objects/headObject';
import { texts } from './embedded/client';
import { leftOpen, withConnection, withServer } from './withServer';

const server = withServer({ buckets: ['kept'], bucketsOfEachTest: ['fresh'] });

describe('withServer', () => {
	it.each(['first', 'second'])(
		'withServer keeps some buckets and makes others anew: %s test',
		async (test) => {
			expect(server.requests).toEqual([]);
			expect((await server.send('HEAD', '/fresh/first')).status).toBe(404);
			expect((await server.send('HEAD', '/kept/first')).status).toBe(test === 'first' ? 404 : 200);
			for (const bucket of ['fresh', 'kept']) await server.send('PUT', `/${bucket}/${test}`);
			// The next test begins without it.
			server.faults.add({ effect: { kind: 'answer', status: 500 } });
		},
	);

	it('withServer finds an upload that is left open', async () => {
		expect(await leftOpen(server)).toEqual([]);
		const query = { uploads: '' };
		const { text } = await server.send('POST', '/fresh/key', { query });
		expect(await leftOpen(server)).toEqual(['an upload to /fresh/key is open']);
		await server.send('DELETE', '/fresh/key', {
			query: { uploadId: texts(text, 'UploadId')[0] ?? '' },
		});
		expect(await leftOpen(server)).toEqual([]);
	});

	it('withServer finds a response that nobody reads, until its connection is closed', async () => {
		await server.send('PUT', '/fresh/key', { body: Buffer.alloc(64 * 1024 * 1024) });
		const { path } = await server.presign('GET', '/fresh/key');
		const unread = request(server.endpoint + path).end();
		await new Promise((resolve) => unread.once('response', resolve));
		expect(await leftOpen(server)).toEqual(['GET /fresh/key is in flight']);
		unread.destroy();
		expect(await leftOpen(server)).toEqual([]);
	});
});

it('connect opens a connection that nobody else has', async () => {
	const [one, other] = [await server.connect(), await server.connect()];
	expect(one).not.toBe(other);
	expect(one.connection).toMatchObject({ endpoint: server.endpoint, bucketOnly: false });
	expect((await server.connect({ region: 'eu-west-1' })).connection.region).toBe('eu-west-1');
});

describe('withConnection', () => {
	const connected = withConnection({ buckets: ['b'] }, { bucket: 'b' });

	it('withConnection opens a connection to the server', async () => {
		await connected.send('PUT', '/b/key', { body: 'content' });
		expect(connected.s3.connection).toMatchObject({ endpoint: connected.endpoint, bucket: 'b' });
		const call = { signal: undefined };
		const head = await headObject(connected.s3, { bucket: 'b', key: 'key' }, call);
		expect(head.size).toBe(7);
	});
});
