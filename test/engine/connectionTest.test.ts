import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { withServer } from '../servers/withServer';

const bucket = 'bucket';
const other = 'other-bucket';
const server = withServer({ buckets: [bucket, other] });
const { credential } = server;

/** What n8n shows when a credential with these fields is saved. */
async function save(fields: object, type = 'amazonS3AccessKeysApi') {
	const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
	const data = { ...credential, ...fields };
	return await amazonS3ConnectionTest.call(undefined as never, { id: '1', name: 'x', type, data });
}

describe('the connection test', () => {
	it('the connection test proves that the objects of the bucket can be listed, and says as whom', async () => {
		expect(await save({ bucket })).toEqual({
			status: 'OK',
			message: `Connected as access key ${credential.accessKeyId} at ${credential.endpoint}: the objects of bucket “${bucket}” can be listed. Reading and writing them was not tested.`,
		});
	});

	it('the connection test proves only the keys without a bucket', async () => {
		const { status, message } = await save({});
		expect(status).toBe('OK');
		expect(message).toContain('the keys are valid and may list buckets');
	});

	it('the connection test accepts keys that may not list buckets', async () => {
		const { status, message } = await save(server.credentialOf(server.users.limited));
		expect(status).toBe('OK');
		expect(message).toMatch(
			/: the keys are valid, but may not list buckets; enter a bucket to test it\. Could not list the buckets of the account: access denied: User: .* is not authorized to perform: s3:ListAllMyBuckets .*\.$/,
		);
	});

	it('the connection test asks for nothing but one key of the bucket, which reading and listing need anyway', async () => {
		server.users.limited.allow?.push({ actions: ['s3:ListBucket'], resources: [bucket] });
		const limited = server.credentialOf(server.users.limited);
		expect((await save({ ...limited, bucket })).status).toBe('OK');
		expect(server.requests.map(({ operation, query }) => [operation, query['max-keys']])).toEqual([
			['ListObjectsV2', '1'],
		]);
	});

	it('the connection test says which permission is missing for the bucket', async () => {
		const limited = server.credentialOf(server.users.limited);
		const { status, message } = await save({ ...limited, bucket: other });
		expect(status).toBe('Error');
		expect(message).toMatch(/s3:ListBucket.*AccessDenied · 403/);
	});

	it('the connection test works with user name and password', async () => {
		const { accessKeyId: username, secretAccessKey: password, endpoint } = credential;
		const { status } = await save({ username, password, endpoint, bucket }, 'amazonS3BasicAuthApi');
		expect(status).toBe('OK');
	});

	it.each<[string, object, RegExp]>([
		['a wrong secret', { secretAccessKey: 'wrong' }, /SignatureDoesNotMatch · 403 · request /],
		['an unknown key', { accessKeyId: 'AKIANOBODY' }, /InvalidAccessKeyId · 403 · request /],
		[
			'an unknown bucket',
			{ bucket: 'no-such-bucket-here' },
			/“no-such-bucket-here”.*NoSuchBucket · 404/,
		],
		[
			'a server that is not there',
			{ endpoint: 'http://127.0.0.1:1' },
			/127\.0\.0\.1:1.*ECONNREFUSED/,
		],
		[
			'a host that does not exist',
			{ endpoint: 'http://s3.invalid' },
			/s3\.invalid.*ENOTFOUND|EAI_AGAIN/,
		],
		[
			'an endpoint without https://',
			{ endpoint: 'minio:9000' },
			/does not start with https:\/\/ or http:\/\/.*Enter/,
		],
		['no secret', { secretAccessKey: '' }, /has no Secret Access Key.*Enter/],
	])('the connection test says what to change with %s', async (_what, fields, message) => {
		const result = await save(fields);
		expect(result.status).toBe('Error');
		expect(result.message).toMatch(message);
		expect(result.message).not.toContain(credential.secretAccessKey);
	});

	it('the connection test says something different for every mistake', async () => {
		const mistakes = [
			{ secretAccessKey: 'wrong' },
			{ accessKeyId: 'AKIANOBODY' },
			{ bucket: 'no-such-bucket-here' },
			{ endpoint: 'http://127.0.0.1:1' },
		];
		const messages = await Promise.all(
			mistakes.map(async (fields) => (await save(fields)).message),
		);
		const advice = messages.map((message) => message.replace(/request \S+/, ''));
		expect(new Set(advice).size).toBe(mistakes.length);
	});
});
