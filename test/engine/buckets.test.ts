/** The operations on buckets. */
import type { INodeParameters } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

const run = async (operation: string, parameters: INodeParameters = {}) => {
	const { outputs, error, hints } = await runNode({
		items: [{ json: {} }],
		parameters: { resource: 'bucket', operation, ...parameters },
		credential,
	});
	return { error, hints, json: outputs[0]?.[0]?.json };
};

const operations = () => server.requests.map(({ operation }) => operation);
let made = 0;
const newName = () => `made-${process.pid}-${made++}`;

it('Bucket List says that it found nothing, and by what beginning of a name', async () => {
	const { hints } = await run('list', { options: { prefix: 'nothing-' } });
	expect(hints.map(({ message }) => message)).toEqual([
		'There is no bucket that the credential may see and whose name begins with “nothing-”.',
	]);
	expect((await run('list')).hints).toEqual([]);
	const { store } = server;
	const buckets = [...store.buckets];
	store.buckets.clear();
	const none = await run('list');
	for (const [name, found] of buckets) store.buckets.set(name, found);
	expect(none.hints.map(({ message }) => message)).toEqual([
		'There is no bucket that the credential may see.',
	]);
});

describe('Bucket Create', () => {
	it('Bucket Create creates a bucket that Bucket Get and Bucket Delete know', async () => {
		const name = newName();
		const created = await run('create', { bucketName: name, options: { versioning: true } });
		expect(created.json).toEqual({ bucket: name, region: 'us-east-1', created: true });
		const found = await run('get', { bucket: name });
		expect(found.json).toEqual({
			bucket: name,
			region: 'us-east-1',
			versioning: 'Enabled',
			encryption: { algorithm: 'AES256' },
			objectLock: { enabled: false },
			ownership: 'BucketOwnerEnforced',
			tags: {},
			unread: [],
		});
		const deleted = await run('delete', { bucket: name });
		expect(deleted.json).toEqual({ bucket: name, deleted: true, deletedVersions: 0 });
	});

	it('Bucket Create creates a bucket with object lock', async () => {
		const name = newName();
		await run('create', { bucketName: name, options: { objectLock: true } });
		expect((await run('get', { bucket: name })).json).toMatchObject({
			versioning: 'Enabled',
			objectLock: { enabled: true },
		});
		await run('delete', { bucket: name });
	});

	it.each(['us-east-1', 'eu-west-1'])(
		'Bucket Create gives the bucket its tags, which Bucket Get tells, in %s',
		async (region) => {
			const name = newName();
			const tag = [
				{ name: 'project', value: 'a + b' },
				{ name: 'grüße', value: '' },
			];
			const parameters = { resource: 'bucket', operation: 'create', bucketName: name };
			const { error } = await runNode({
				parameters: { ...parameters, options: { tags: { tag } } },
				credential: { ...credential, region },
			});
			expect(error).toBeUndefined();
			expect(server.store.bucket(name).region).toBe(region);
			expect((await run('get', { bucket: name })).json).toMatchObject({
				tags: { project: 'a + b', grüße: '' },
				unread: [],
			});
		},
	);

	it('Bucket Create with tags names the permission s3:TagResource if it is missing', async () => {
		const name = newName();
		server.users.limited.allow?.splice(0);
		server.users.limited.allow?.push({
			actions: ['s3:CreateBucket', 's3:ListBucket'],
			resources: [name],
		});
		const tags = { tag: [{ name: 'a', value: 'b' }] };
		const created = async (options: INodeParameters) => {
			const { error } = await runNode({
				parameters: { resource: 'bucket', operation: 'create', bucketName: name, options },
				credential: server.credentialOf(server.users.limited),
			});
			return error === undefined ? 'created' : `${error.message} ${error.description ?? ''}`;
		};
		expect(await created({ tags })).toContain('s3:TagResource');
		expect(await created({})).toBe('created');
	});

	it('Bucket Create refuses the name of a bucket that is there, and changes nothing about it', async () => {
		const { error } = await run('create', { bucketName: bucket });
		expect(error?.message).toBe(
			`Could not create bucket “${bucket}”: there is a bucket with this name`,
		);
		expect(operations()).toEqual(['HeadBucket']);
	});
});

describe('Bucket Delete', () => {
	it('Bucket Delete takes the bucket of the node alone, never that of the credential', async () => {
		const { error } = await run('delete', { bucket: ' ' });
		expect(error?.message).toBe('No bucket is given');
		expect(server.requests).toEqual([]);
	});

	it.each([
		['create', 'bucketName', 'Name'],
		['delete', 'bucket', 'Bucket'],
	])('Bucket %s says which expression gave nothing', async (operation, field, label) => {
		const { error } = await run(operation, { [field]: '={{ $json.none }}' });
		expect(error?.message).toBe(
			`The expression of ${label} gave nothing for this item: "{{ $json.none }}"`,
		);
		expect(server.requests).toEqual([]);
	});

	it('Bucket Delete deletes a bucket with its objects only with Empty First', async () => {
		const name = newName();
		await run('create', { bucketName: name });
		await putAll(credential, name, { a: '1', b: '2' });
		expect((await run('delete', { bucket: name })).error?.message).toBe(
			`Could not delete bucket “${name}”: it is not empty`,
		);
		const few = await run('delete', { bucket: name, options: { emptyFirst: true, maxObjects: 1 } });
		expect(few.error?.message).toContain('so nothing was deleted');
		const { json } = await run('delete', { bucket: name, options: { emptyFirst: true } });
		expect(json).toEqual({ bucket: name, deleted: true, deletedVersions: 2 });
	});

	it('Bucket Delete says in its request that what is under governance is to be deleted too', async () => {
		const name = newName();
		await run('create', { bucketName: name });
		await putAll(credential, name, { a: '1', b: '2' });
		await run('delete', { bucket: name, options: { emptyFirst: true, bypassGovernance: true } });
		const { headers } = server.requests.find(({ operation }) => operation === 'DeleteObjects')!;
		expect(headers).toMatchObject({ 'x-amz-bypass-governance-retention': 'true' });
	});
});

describe('Bucket List', () => {
	it('Bucket List gives the buckets whose name begins with the prefix, up to the limit', async () => {
		for (const name of ['listed-1', 'listed-2', 'listed-3']) server.store.makeBucket(name);
		const namesOf = async (parameters: INodeParameters) => {
			const options = { prefix: 'listed-' };
			const given = { resource: 'bucket', operation: 'list', options, ...parameters };
			const { outputs } = await runNode({ parameters: given, credential });
			return outputs[0]?.map(({ json }) => json.bucket);
		};
		expect(await namesOf({ limit: 2 })).toEqual(['listed-1', 'listed-2']);
		expect(await namesOf({ returnAll: true })).toEqual(['listed-1', 'listed-2', 'listed-3']);
	});
});

describe('Bucket Get', () => {
	it('Bucket Get says that it may not read the tags, and does not take them for none', async () => {
		server.faults.add({
			operation: 'GetBucketTagging',
			effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
		});
		const { json } = await run('get');
		const { unread } = json as { unread: { what: string; message: string }[] };
		expect(json).not.toHaveProperty('tags');
		expect(unread).toMatchObject([{ what: 'tags', code: 'AccessDenied' }]);
		expect(unread[0]?.message).toContain('s3:GetBucketTagging');
	});

	it('Bucket Get names what it may not read', async () => {
		server.faults.add({
			operation: 'GetBucketVersioning',
			effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
		});
		const { json, error } = await run('get');
		expect(error).toBeUndefined();
		expect(json).toMatchObject({ bucket, unread: [{ what: 'versioning', code: 'AccessDenied' }] });
		expect(json).not.toHaveProperty('versioning');
	});
});

it.each([
	['get', 'HeadBucket'],
	['delete', 'DeleteBucket'],
	['cleanUpUploads', 'ListMultipartUploads'],
])('the operation %s of a bucket says in %s whose it must be', async (operation, call) => {
	const name = newName();
	await run('create', { bucketName: name });
	server.requests.length = 0;
	const { error } = await run(operation, {
		bucket: name,
		options: { expectedBucketOwner: '111122223333' },
	});
	expect(error).toBeUndefined();
	const request = server.requests.find((candidate) => candidate.operation === call);
	expect(request?.headers).toMatchObject({ 'x-amz-expected-bucket-owner': '111122223333' });
	server.store.buckets.delete(name);
});

describe('Clean Up Uploads', () => {
	it('Clean Up Uploads keeps what is younger, and gives the rule with which S3 does it by itself', async () => {
		await server.send('POST', `/${bucket}/p/young`, { query: { uploads: '' } });
		const { json, error } = await run('cleanUpUploads', { prefix: 'p/', olderThanHours: 30 });
		expect(error).toBeUndefined();
		expect(json).toMatchObject({
			matched: 0,
			aborted: 0,
			kept: 1,
			lifecycleRule: {
				Rules: [
					{
						Filter: { Prefix: 'p/' },
						AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
					},
				],
			},
		});
		server.store.bucket(bucket).uploads.clear();
	});

	it('Clean Up Uploads aborts what is older', async () => {
		await server.send('POST', `/${bucket}/old`, { query: { uploads: '' } });
		for (const upload of server.store.bucket(bucket).uploads.values()) {
			Object.assign(upload, { initiated: new Date(0) });
		}
		const dry = await run('cleanUpUploads', { options: { dryRun: true } });
		expect(dry.json).toMatchObject({ matched: 1, aborted: 0, dryRun: true });
		const { json } = await run('cleanUpUploads');
		expect(json).toMatchObject({ matched: 1, aborted: 1, uploads: [{ key: 'old' }] });
		expect(server.store.bucket(bucket).uploads.size).toBe(0);
	});

	it('Clean Up Uploads keeps an upload to which a server in Go gives the year 1, as it does not know its beginning', async () => {
		await server.send('POST', `/${bucket}/undated`, { query: { uploads: '' } });
		const { uploads } = server.store.bucket(bucket);
		for (const upload of uploads.values()) {
			Object.assign(upload, { initiated: new Date('0001-01-01T00:00:00Z') });
		}
		expect((await run('cleanUpUploads')).json).toMatchObject({ matched: 0, kept: 1 });
		expect(uploads.size).toBe(1);
		uploads.clear();
	});

	it('Clean Up Uploads does not take an expression that gives no prefix for the whole bucket', async () => {
		const { error } = await run('cleanUpUploads', { prefix: '={{ $json.folder }}' });
		expect(error?.message).toContain('The expression of Prefix gave nothing for this item');
	});

	it('Clean Up Uploads says that some servers do not list uploads by prefix', async () => {
		const { hints } = await run('cleanUpUploads', { prefix: 'x' });
		expect(JSON.stringify(hints)).toContain('The server lists no uploads');
	});
});
