import { withServer } from '../servers/withServer';
import { putAll, send } from './bucket';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

beforeAll(() => putAll(credential, bucket, { 'a/b c.txt': 'hello' }));

const getMetadata = (parameters: object) =>
	runNode({
		parameters: { resource: 'object', operation: 'getMetadata', ...parameters },
		credential,
	});
const operations = () => server.requests.map(({ operation }) => operation);

describe('the metadata of an object', () => {
	it('the metadata of an object is what Get gives, without content and by one request', async () => {
		const headers = { 'content-type': 'text/x-test', 'x-amz-meta-a': '1' };
		await send(credential, 'PUT', `/${bucket}/x.tst`, { body: 'hello', headers });
		server.requests.length = 0;
		const { outputs, error } = await getMetadata({ key: 'x.tst' });
		expect(error).toBeUndefined();
		expect(operations()).toEqual(['HeadObject']);
		const [item] = outputs[0] ?? [];
		expect(item?.json).toMatchObject({
			bucket,
			key: 'x.tst',
			exists: true,
			size: 5,
			contentType: 'text/x-test',
			etag: '5d41402abc4b2a76b9719d911017c592',
			metadata: { a: '1' },
		});
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(item?.binary).toBeUndefined();
		const got = await runNode({
			parameters: { resource: 'object', operation: 'get', key: 'x.tst' },
			credential,
		});
		const { outcome, ...facts } = got.outputs[0]?.[0]?.json ?? {};
		expect(outcome).toBe('found');
		expect(item?.json).toEqual({ ...facts, exists: true });
	});

	it('the metadata of an object comes with tags when they are asked for', async () => {
		const headers = { 'x-amz-tagging': 'project=n8n&a%20b=c%2Fd' };
		await send(credential, 'PUT', `/${bucket}/tagged`, { body: 'x', headers });
		server.requests.length = 0;
		const { outputs } = await getMetadata({ key: 'tagged', options: { includeTags: true } });
		expect(outputs[0]?.[0]?.json).toMatchObject({ tags: { project: 'n8n', 'a b': 'c/d' } });
		expect(operations().sort()).toEqual(['GetObjectTagging', 'HeadObject']);
	});

	it('the metadata of an object comes with checksum and parts when attributes are asked for', async () => {
		const text = 'a'.repeat(6 * 1024 * 1024);
		const options = { multipartThresholdMb: 5, partSizeMb: 5, checksum: 'SHA256' };
		const put = { resource: 'object', operation: 'put', source: 'text', text, options };
		await runNode({ parameters: { ...put, key: 'parts' }, credential });
		const { outputs } = await getMetadata({ key: 'parts', options: { attributes: true } });
		const checksumOf = (digest: RegExp) => ({
			algorithm: 'SHA256',
			value: expect.stringMatching(digest) as string,
		});
		expect(outputs[0]?.[0]?.json.attributes).toMatchObject({
			checksum: checksumOf(/./),
			partsCount: 2,
			parts: [
				{ partNumber: 1, size: 5 * 1024 * 1024, checksum: checksumOf(/=$/) },
				{ partNumber: 2, size: 1024 * 1024, checksum: checksumOf(/=$/) },
			],
		});
	});

	it('Get Metadata fails for an object that is not there, with its key and what to do', async () => {
		const { error } = await getMetadata({ key: 'nothing' });
		expect(error?.message).toBe(
			`Could not get the metadata of “nothing” in bucket “${bucket}”: there is no object with this key`,
		);
		expect(error?.description).toContain('Keys are case sensitive');
	});

	it('Get Metadata says that an object is not there when that is no failure', async () => {
		const { outputs, error } = await getMetadata({
			key: 'nothing',
			options: { failIfMissing: false },
		});
		expect(error).toBeUndefined();
		expect(outputs[0]?.[0]?.json).toEqual({ bucket, key: 'nothing', exists: false });
	});

	it('Get Metadata names both permissions when it is denied, as S3 hides what does not exist', async () => {
		const effect = { kind: 'answer', status: 403 } as const;
		server.faults.add({ operation: 'HeadObject', effect });
		const { error } = await getMetadata({ key: 'a/b c.txt', options: { failIfMissing: false } });
		expect(error?.description).toContain(`s3:GetObject on arn:aws:s3:::${bucket}/a/b c.txt`);
		expect(error?.description).toContain(`s3:ListBucket on arn:aws:s3:::${bucket}`);
	});
});
