import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { listBuckets } from '../../../../s3/buckets/listBuckets';
import { openS3 } from '../../../../s3/client/openS3';
import { getObject } from '../../../../s3/download/getObject';
import { listObjects } from '../../../../s3/list/listObjects';
import { putObject } from '../../../../s3/upload/putObject';
import { withEnvironment } from '../../../faults/environment';
import { connectionTo } from '../../../servers/connectionTo';
import { startHttpProxy } from '../../../servers/httpProxy';
import { issue } from '../../../servers/rolesAnywhere/authority';
import { withServer } from '../../../servers/withServer';

const call = { signal: undefined };
const server = withServer({ buckets: ['bucket'] });

describe('opening a connection', () => {
	it('openS3 gives equal settings the same client, and changed ones another at once', async () => {
		const first = await openS3(connectionTo(server));
		expect(await openS3(connectionTo(server))).toBe(first);
		expect(await openS3(connectionTo(server, { bucket: 'bucket' }))).not.toBe(first);
	});

	it('openS3 forgets the connection that was unused for longest when there are many', async () => {
		const first = await openS3(connectionTo(server, { bucket: 'first' }));
		const kept = await openS3(connectionTo(server, { bucket: 'kept' }));
		for (let i = 0; i < 70; i++) {
			await openS3(connectionTo(server, { bucket: `b${String(i)}` }));
			await openS3(connectionTo(server, { bucket: 'kept' }));
		}
		expect(await openS3(connectionTo(server, { bucket: 'kept' }))).toBe(kept);
		expect(await openS3(connectionTo(server, { bucket: 'first' }))).not.toBe(first);
	});

	it('openS3 does not remember that the SDK could not be loaded', async () => {
		const connection = connectionTo(server, { bucket: 'again' });
		const load = jest
			.fn(() => jest.requireActual<object>('../../../../s3/sdk'))
			.mockImplementationOnce(() => {
				throw new Error('EMFILE: too many open files');
			});
		jest.resetModules();
		jest.doMock('../../../../s3/sdk', load);
		const fresh = jest.requireActual<{ openS3: typeof openS3 }>('../../../../s3/client/openS3');
		await expect(fresh.openS3(connection)).rejects.toThrow('EMFILE');
		const s3 = await fresh.openS3(connection);
		expect((await listObjects(s3, { bucket: 'bucket' }, call).next()).value).toMatchObject({
			entries: [],
		});
	});
});

describe('of the machine', () => {
	it('nothing is taken from the environment but what the credential asks for', async () => {
		const proxy = await startHttpProxy();
		proxy.refuseWith(403);
		const url = proxy.url;
		const through = { kind: 'custom', url, user: undefined, password: undefined } as const;
		const settings = { endpoint: undefined, region: 'eu-central-1', proxy: through };
		const variables = {
			AWS_ENDPOINT_URL: server.endpoint,
			AWS_ENDPOINT_URL_S3: server.endpoint,
			AWS_REGION: 'eu-west-1',
			AWS_USE_FIPS_ENDPOINT: 'true',
			AWS_USE_DUALSTACK_ENDPOINT: 'true',
			AWS_ACCESS_KEY_ID: 'AKIAOFTHEMACHINE',
			AWS_SECRET_ACCESS_KEY: 'of the machine',
			HTTPS_PROXY: server.endpoint,
		};
		await withEnvironment(variables, async () => {
			const s3 = await openS3(connectionTo(server, settings));
			await expect(listObjects(s3, { bucket: 'bucket' }, call).next()).rejects.toMatchObject({
				code: 'ProxyRefused',
			});
		});
		await proxy.stop();
		expect(proxy.proxied.map(({ target }) => target)).toEqual([
			'bucket.s3.eu-central-1.amazonaws.com:443',
		]);
		expect(server.requests).toEqual([]);
	});

	it('no name that the environment gives to programs is sent', async () => {
		await withEnvironment({ AWS_SDK_UA_APP_ID: 'of-the-machine' }, async () => {
			const s3 = await openS3(connectionTo(server, { bucket: 'no-name' }));
			await listObjects(s3, { bucket: 'bucket' }, call).next();
		});
		const [request] = server.requests;
		expect(request?.headers['user-agent']).toContain('aws-sdk-js');
		expect(request?.headers['user-agent']).not.toContain('of-the-machine');
	});

	it('no file of the machine is read', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'open-s3-'));
		// Whoever reads it waits, until somebody has opened it for writing.
		const pipe = join(folder, 'pipe');
		execFileSync('mkfifo', [pipe]);
		const isRead = () => {
			try {
				closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
				return true;
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'ENXIO') return false;
				throw error;
			}
		};
		const variables = { AWS_CONFIG_FILE: pipe, AWS_SHARED_CREDENTIALS_FILE: pipe };
		let read = false;
		await withEnvironment(variables, async () => {
			// What the SDK has read once it knows.
			jest.resetModules();
			const fresh = jest.requireActual<{ openS3: typeof openS3 }>('../../../../s3/client/openS3');
			const s3 = await fresh.openS3(connectionTo(server));
			const listed = listObjects(s3, { bucket: 'bucket' }, call).next();
			while (server.requests.length === 0) {
				await nextTurn();
				read ||= isRead();
			}
			await listed;
		});
		rmSync(folder, { recursive: true });
		expect(read).toBe(false);
	});
});

describe('before any request', () => {
	it.each([
		['no bucket', '', 'key', 'No bucket is given'],
		['a path for a bucket', 'bucket/folder', 'key', 'it contains a slash'],
		['an empty key', 'bucket', '', 'The key is empty'],
		['a key of 1,025 bytes', 'bucket', 'ü'.repeat(512) + 'x', 'has 1025 bytes'],
		['half an emoji', 'bucket', '\ud83d', 'half of a character'],
	])('a connection refuses %s before any request', async (_, bucket, key, message) => {
		const s3 = await openS3(connectionTo(server));
		await expect(getObject(s3, { bucket, key }, call)).rejects.toMatchObject({
			kind: 'invalid',
			message: expect.stringContaining(message) as string,
		});
		expect(server.requests).toEqual([]);
	});

	it('a connection refuses half an emoji in a prefix before any request', async () => {
		const s3 = await openS3(connectionTo(server));
		const listing = listObjects(s3, { bucket: 'bucket', prefix: 'a\ud83d' }, call).next();
		await expect(listing).rejects.toMatchObject({
			kind: 'invalid',
			message:
				'The prefix “a\ufffd” for bucket “bucket” contains half of a character and is not valid Unicode',
		});
		expect(server.requests).toEqual([]);
	});

	it('a connection for one bucket refuses other buckets, and the list of them, before any request', async () => {
		const s3 = await openS3(connectionTo(server, { bucket: 'bucket', bucketOnly: true }));
		await expect(getObject(s3, { bucket: 'other', key: 'k' }, call)).rejects.toMatchObject({
			kind: 'refused',
			message: 'This credential is only for bucket “bucket”, not for “other”',
		});
		await expect(listBuckets(s3, {}, call).next()).rejects.toMatchObject({
			kind: 'refused',
			message: 'This credential is only for bucket “bucket”',
		});
		expect(server.requests).toEqual([]);
	});
});

describe('a server with a certificate of its own authority', () => {
	const authority = issue({ name: 'Private CA', ca: true });
	const certificate = issue({ name: 'server', hosts: ['127.0.0.1'] }, authority);
	const tls = { cert: certificate.pem, key: certificate.keyPem };
	const secure = withServer({ tls, buckets: ['bucket', 'large'] });

	const list = async (settings: object) => {
		const s3 = await openS3(connectionTo(secure, settings));
		return await listObjects(s3, { bucket: 'bucket' }, call).next();
	};

	it('a server with a certificate of its own authority is not trusted by itself, and the error says what to do', async () => {
		await expect(list({})).rejects.toMatchObject({
			kind: 'unreachable',
			message: expect.stringContaining('certificate is not trusted') as string,
			advice: expect.stringContaining('“CA Certificate”') as string,
		});
	});

	it('a server with a certificate of its own authority gives large objects, too, over several connections', async () => {
		const content = randomBytes(40 * 1024 * 1024);
		const s3 = await openS3(connectionTo(secure, { caCertificate: authority.pem }));
		const open = async () => await Promise.resolve(Readable.from([content]));
		const source = { size: content.length, open };
		await putObject(s3, { bucket: 'large', key: 'key', source }, call);
		secure.requests.length = 0;
		const { body } = await getObject(s3, { bucket: 'large', key: 'key' }, call);
		expect((await buffer(body)).equals(content)).toBe(true);
		expect(secure.requests).toHaveLength(6);
	});

	it('a server with a certificate of its own authority is trusted with that authority, or when TLS issues are ignored', async () => {
		expect((await list({ caCertificate: authority.pem })).value).toMatchObject({ entries: [] });
		expect((await list({ ignoreSslIssues: true })).value).toMatchObject({ entries: [] });
	});
});

describe('a bucket in the host name below localhost', () => {
	const named = withServer({ virtualHostSuffix: 's3.localhost', buckets: ['bucket'] });

	it('a bucket in the host name below localhost is reached although the resolver of the machine does not know it', async () => {
		const endpoint = named.endpoint.replace('127.0.0.1', 's3.localhost');
		const s3 = await openS3(connectionTo(named, { endpoint, addressingStyle: 'virtual' }));
		await listObjects(s3, { bucket: 'bucket' }, call).next();
		expect(named.requests.map(({ headers }) => headers.host)).toEqual([
			endpoint.replace('http://', 'bucket.'),
		]);
	});
});
