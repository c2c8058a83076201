import { openS3 } from '../../../s3/client/openS3';
import type { S3 } from '../../../s3/client/S3';
import { getObject } from '../../../s3/download/getObject';
import { connectionTo } from '../../servers/connectionTo';
import { startRawServer } from '../http/range/rawServer';
import type { RawServer } from '../http/range/rawServer';
import { buffer } from 'node:stream/consumers';

const FIELDS = 'ETag: "a"\r\nConnection: close\r\n';
let server: RawServer;
let s3: S3;

/** Responds with a body whose end is that of the connection, and to a HEAD with this length. */
beforeEach(async () => {
	server = await startRawServer((socket) => {
		const isHead = server.requests.at(-1)?.startsWith('HEAD ');
		const length = isHead ? 'Content-Length: 11\r\n' : '';
		socket.end(`HTTP/1.1 200 OK\r\n${FIELDS}${length}\r\n${isHead ? '' : 'hello world'}`);
	});
	const users = { main: { accessKeyId: 'id', secretAccessKey: 'secret' } };
	const endpoint = `http://127.0.0.1:${server.port}`;
	s3 = await openS3(connectionTo({ endpoint, region: 'us-east-1', users }));
});
afterEach(() => server.stop());

const get = async () => {
	const request = { bucket: 'bucket', key: 'key' };
	const { body } = await getObject(s3, request, { signal: undefined });
	return (await buffer(body)).toString();
};

it('an object whose response has no length is read', async () => {
	expect(await get()).toBe('hello world');
	expect(server.requests.map((request) => request.split(' ')[0])).toEqual(['GET', 'HEAD']);
});

it('an object whose response has no length and was cut off is an error', async () => {
	server.responses.push((socket) => socket.end(`HTTP/1.1 200 OK\r\n${FIELDS}\r\nhello`));
	await expect(get()).rejects.toMatchObject({
		kind: 'corrupt',
		message: expect.stringContaining('broke off after 5 of 11 bytes') as string,
	});
});
