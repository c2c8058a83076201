/** Copy and Move in n8n. */
import { Crc32 } from '../../s3/checksums/crc';
import { keyBytes } from '../servers/embedded/store';
import { withServer } from '../servers/withServer';
import { putAll, send } from './bucket';
import { runNode, runPicker, type RunSettings } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket, 'other'], bucketOfCredential: bucket });
const another = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

beforeEach(async () => {
	const headers = {
		'content-type': 'text/a',
		'x-amz-meta-a': '1',
		'x-amz-tagging': 'tag=old',
		'x-amz-storage-class': 'STANDARD_IA',
	};
	await send(credential, 'PUT', `/${bucket}/key`, { body: 'content', headers });
	server.requests.length = 0;
});

const checksum = new Crc32();
checksum.update(Buffer.from('same'));
/** In base64. */
const CRC32_OF_SAME = checksum.digest().toString('base64');

type Options = Record<string, unknown>;

const run = (
	operation: string,
	options: Options = {},
	{ parameters = {}, ...settings }: Partial<RunSettings> = {},
) =>
	runNode({
		credential,
		...settings,
		parameters: {
			resource: 'object',
			operation,
			sourceKey: 'key',
			key: 'copy',
			options: options as never,
			...parameters,
		},
	});
const copy = (options?: Options, settings?: Partial<RunSettings>) => run('copy', options, settings);
const move = (options?: Options, settings?: Partial<RunSettings>) => run('move', options, settings);

const operations = () => server.requests.map(({ operation }) => operation);
const headersOf = async (key: string, of = credential) =>
	Object.fromEntries((await send(of, 'HEAD', `/${bucket}/${key}`)).headers);

it('Copy gives source and copy, by two requests', async () => {
	const { outputs, error } = await copy();
	expect(error).toBeUndefined();
	const { etag } = server.store.bucket(bucket).get('key')!;
	expect(outputs[0]).toEqual([
		{
			json: {
				source: { bucket, key: 'key', etag },
				bucket,
				key: 'copy',
				etag,
				size: 7,
				copiedBy: 'server',
				parts: 1,
				skipped: false,
			},
			pairedItem: { item: 0 },
		},
	]);
	expect(operations()).toEqual(['HeadObject', 'CopyObject']);
	expect(await headersOf('copy')).toMatchObject({ 'content-type': 'text/a', 'x-amz-meta-a': '1' });
});

it('Copy has other buckets, keys by expressions and every option', async () => {
	const key = Buffer.alloc(32, 7).toString('base64');
	server.store.bucket('other').ownership = 'ObjectWriter';
	const { error } = await copy(
		{
			metadata: 'replace',
			newMetadata: { entry: [{ name: 'b', value: '2' }] },
			contentType: 'text/b',
			cacheControl: 'no-store',
			tags: 'replace',
			newTags: { tag: [{ name: 'tag', value: 'new' }] },
			storageClass: 'GLACIER_IR',
			acl: 'private',
			encryption: 'customer',
			encryptionCustomerKey: key,
			objectLockLegalHold: true,
			ifSourceMatch: '={{ $json.etag }}',
			overwrite: 'never',
			requestPayer: true,
		},
		{
			items: [{ json: { etag: server.store.bucket(bucket).get('key')!.etag, name: 'ä b' } }],
			parameters: { sourceBucket: bucket, bucket: 'other', key: '=to/{{ $json.name }}' },
		},
	);
	expect(error).toBeUndefined();
	expect(server.store.bucket('other').get(keyBytes('to/ä b'))).toMatchObject({
		tags: { tag: 'new' },
		headers: {
			'content-type': 'text/b',
			'cache-control': 'no-store',
			'x-amz-meta-b': '2',
			'x-amz-storage-class': 'GLACIER_IR',
			'x-amz-object-lock-legal-hold': 'ON',
		},
	});
	const sent = server.requests.find(({ operation }) => operation === 'CopyObject');
	expect(sent?.headers).toMatchObject({
		'x-amz-acl': 'private',
		'x-amz-request-payer': 'requester',
		'if-none-match': '*',
	});
});

it('Copy drops tags and keeps the storage class if it is asked to', async () => {
	await copy({ tags: 'drop', keepStorageClass: true });
	const { tags, headers } = server.store.bucket(bucket).get('copy')!;
	expect(tags).toEqual({});
	expect(headers['x-amz-storage-class']).toBe('STANDARD_IA');
});

it('Copy keeps the storage class of an item for which the expression of Storage Class gives nothing', async () => {
	await copy({ storageClass: '={{ "" }}', keepStorageClass: true });
	const { headers } = server.store.bucket(bucket).get('copy')!;
	expect(headers['x-amz-storage-class']).toBe('STANDARD_IA');
});

it('Copy goes in parts above the threshold of the node', async () => {
	await putAll(credential, bucket, { key: Buffer.alloc(6 * 1024 * 1024, 'x') });
	const { outputs, error } = await copy({ multipartThresholdMb: 5, partSizeMb: 5 });
	expect(error).toBeUndefined();
	expect(outputs[0]?.[0]?.json).toMatchObject({ copiedBy: 'server', parts: 2 });
	expect(operations()).toContain('UploadPartCopy');
});

it('Copy of an old version names it', async () => {
	server.store.bucket(bucket).versioning = 'Enabled';
	const put = async (body: string) =>
		(await send(credential, 'PUT', `/${bucket}/key`, { body })).headers.get('x-amz-version-id');
	const versionId = await put('old');
	await put('newer');
	const { outputs } = await copy({ sourceVersionId: versionId });
	expect(outputs[0]?.[0]?.json).toMatchObject({ source: { versionId }, size: 3 });
	expect(outputs[0]?.[0]?.json.versionId).toBe(server.store.bucket(bucket).get('copy')?.versionId);
});

it('Copy only if different says why it was skipped', async () => {
	const headers = { 'x-amz-checksum-algorithm': 'CRC32' };
	for (const key of ['key', 'copy']) {
		const body = 'same';
		await send(credential, 'PUT', `/${bucket}/${key}`, {
			body,
			headers: { ...headers, 'x-amz-checksum-crc32': CRC32_OF_SAME },
		});
	}
	const { outputs, error } = await copy({ overwrite: 'ifDifferent' });
	expect(error).toBeUndefined();
	expect(outputs[0]?.[0]?.json).toMatchObject({
		source: { checksum: { algorithm: 'CRC32', value: CRC32_OF_SAME, type: 'FULL_OBJECT' } },
		skipped: true,
		reason: 'The object there has the same size and the same CRC32',
	});
});

it.each([
	['onto itself', { key: 'key' }, {}, 'onto itself: nothing would change'],
	[
		'with new headers that it would not use',
		{},
		{ metadata: '={{ "keep" }}', contentType: 'text/b' },
		'are kept',
	],
	[
		'with new tags that it would not use',
		{},
		{ tags: '={{ "keep" }}', newTags: { tag: [{ name: 'a', value: 'b' }] } },
		'new tags are given',
	],
	['without a source key', { sourceKey: '={{ "" }}' }, {}, 'Source Key gave nothing'],
	['without a target key', { key: '={{ "" }}' }, {}, 'Target Key gave nothing'],
	[
		'with an expression for the source bucket that gives nothing',
		{ sourceBucket: '={{ "" }}' },
		{},
		'Source Bucket gave nothing',
	],
])('Copy %s is refused before any request', async (_, parameters, options, message) => {
	const { error } = await copy(options, { parameters });
	expect(error?.message).toContain(message);
	expect(operations()).toEqual([]);
});

it.each(['copy', 'move'])(
	'the operation %s says above its output what is unusual about the key of the copy',
	async (operation) => {
		const { hints } = await run(operation, {}, { parameters: { key: '/copy' } });
		expect(JSON.stringify(hints)).toContain('begins with a slash');
	},
);

it('Move copies, looks at the copy and deletes the source', async () => {
	const { outputs, error } = await move();
	expect(error).toBeUndefined();
	expect(outputs[0]?.[0]?.json).toMatchObject({
		key: 'copy',
		copiedBy: 'server',
		sourceDeleted: true,
	});
	expect(server.store.bucket(bucket).get('key')).toBeUndefined();
});

it('Move deletes the version that it has copied if it is asked to', async () => {
	server.store.bucket(bucket).versioning = 'Enabled';
	await send(credential, 'PUT', `/${bucket}/key`, { body: 'newer' });
	await move({ deleteThisVersion: true });
	expect(server.store.bucket(bucket).get('key')?.content?.size).toBe(7);
});

it('Move that may not delete names both objects', async () => {
	const effect = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
	server.faults.add({ operation: 'DeleteObject', effect });
	const { error } = await move();
	expect(error?.message).toContain(
		`Copied “key” in bucket “${bucket}” to “copy” in bucket “${bucket}”, but the source could not be deleted`,
	);
	expect(error?.description).toContain('s3:DeleteObject');
});

const toAnother = { anotherConnection: true, targetAuthentication: 'accessKeys' };

it('Copy to another connection streams the object with all that belongs to it', async () => {
	const { outputs, error } = await copy(
		{ keepStorageClass: true },
		{ parameters: toAnother, targetCredential: another.credential },
	);
	expect(error).toBeUndefined();
	expect(outputs[0]?.[0]?.json).toMatchObject({ bucket, key: 'copy', copiedBy: 'stream' });
	expect(await headersOf('copy', another.credential)).toMatchObject({
		'content-type': 'text/a',
		'x-amz-meta-a': '1',
		'x-amz-storage-class': 'STANDARD_IA',
		'x-amz-tagging-count': '1',
	});
});

it('Move to another connection with Basic Auth deletes the source there where it was', async () => {
	const { accessKeyId: username, secretAccessKey: password } = another.credential;
	const { error } = await move(
		{},
		{
			parameters: { ...toAnother, targetAuthentication: 'basicAuth' },
			targetCredential: { ...another.credential, username, password },
		},
	);
	expect(error).toBeUndefined();
	expect(server.store.bucket(bucket).get('key')).toBeUndefined();
	expect(another.store.bucket(bucket).get('copy')?.content?.size).toBe(7);
});

it('Copy to another connection with the same keys is made by the server', async () => {
	const { outputs } = await copy(
		{},
		{
			parameters: { ...toAnother, bucket: 'other' },
			targetCredential: { ...credential, bucket: 'x' },
		},
	);
	expect(outputs[0]?.[0]?.json).toMatchObject({ bucket: 'other', copiedBy: 'server' });
});

describe('Copy between two credentials of one server with other keys', () => {
	const copyAs = async (options: Options, source: object = {}) =>
		await copy(options, {
			parameters: { ...toAnother, sourceBucket: bucket, bucket: 'other' },
			credential: { ...credential, ...source },
			targetCredential: server.credentialOf(server.users.limited),
		});
	const allowed = (...actions: string[]) => ({ actions, resources: [`${bucket}/key`] });
	const intoOther = { actions: ['s3:PutObject*', 's3:GetObject*'], resources: ['other/*'] };
	beforeEach(() => {
		server.users.limited.allow = [intoOther];
	});

	it('Copy between two credentials is made by the server with the keys of the second one if it is asked to', async () => {
		expect((await copyAs({})).outputs[0]?.[0]?.json.copiedBy).toBe('stream');
		server.users.limited.allow?.push(allowed('s3:GetObject', 's3:GetObjectTagging'));
		server.requests.length = 0;
		const { outputs, error } = await copyAs({ copyOnServer: true });
		expect(error).toBeUndefined();
		expect(outputs[0]?.[0]?.json).toMatchObject({ bucket: 'other', copiedBy: 'server' });
		expect(operations()).not.toContain('GetObject');
		expect(server.store.bucket('other').get('copy')?.content?.size).toBe(7);
	});

	it('Copy with the keys of the second credential says that they may not read the source, and streams nothing', async () => {
		const { error } = await copyAs({ copyOnServer: true });
		expect(error?.description).toContain(`s3:GetObject on arn:aws:s3:::${bucket}/key`);
		expect(error?.description).toContain('the identity of the second credential');
		expect(operations()).not.toContain('GetObject');
		expect(server.store.bucket('other').get('copy')).toBeUndefined();
	});

	it.each([
		[404, 'NoSuchBucket', 'they do not find it'],
		[412, 'PreconditionFailed', 'they find another one'],
	])(
		'Copy with the keys of the second credential says after %d %s that they may see other buckets than the first one',
		async (status, code, advice) => {
			server.faults.add({ operation: 'CopyObject', effect: { kind: 'answer', status, code } });
			const { error } = await copyAs({ copyOnServer: true, retryFor: 0 });
			expect(error?.description).toContain(advice);
			expect(error?.description).toContain('switch the option off');
		},
	);

	it('Move does not say that a source is gone which only the keys of the second credential do not find', async () => {
		await putAll(credential, 'other', { key: 'older' });
		const effect = { kind: 'answer', status: 404, code: 'NoSuchBucket' } as const;
		server.faults.add({ operation: 'CopyObject', effect });
		const { error } = await move(
			{ copyOnServer: true },
			{
				parameters: { ...toAnother, sourceBucket: bucket, bucket: 'other', key: 'key' },
				targetCredential: server.credentialOf(server.users.limited),
			},
		);
		expect(error?.message).not.toContain('it is not there');
		expect(error?.description).toContain('they do not find it');
	});

	it('Copy with the keys of the second credential says which option reads a bucket that this one is not for', async () => {
		const { error } = await copy(
			{ copyOnServer: true },
			{
				parameters: { ...toAnother, sourceBucket: bucket, bucket: 'other' },
				targetCredential: { ...credential, bucket: 'other', bucketOnly: true },
			},
		);
		expect(error?.message).toContain(`only for bucket “other”, not for “${bucket}”`);
		expect(error?.description).toContain('Copy On the Server');
		expect(operations()).toEqual([]);
	});

	it.each([{ privacyLevel: 'private' }, { bucket: 'other', bucketOnly: true }])(
		'Copy with the keys of the second credential is refused by a first one with %j',
		async (source) => {
			server.users.limited.allow = [{ actions: ['s3:*'], resources: ['*'] }];
			expect((await copyAs({ copyOnServer: true }, source)).error?.message).toContain('credential');
			expect(operations()).toEqual([]);
		},
	);
});

it.each([
	['private', 'private'],
	['organizational', 'public'],
])('Copy is refused by a credential of level %s to one of level %s', async (one, other) => {
	const { error } = await copy(
		{},
		{
			parameters: toAnother,
			credential: { ...credential, privacyLevel: one },
			targetCredential: { ...another.credential, privacyLevel: other },
		},
	);
	expect(error?.message).toContain(`The Privacy Level of this credential is ${one}`);
	expect([...operations(), ...another.requests]).toEqual([]);
});

it('Copy is held to the only bucket of either connection', async () => {
	const only = { ...credential, bucketOnly: true };
	const { error } = await copy({}, { credential: only, parameters: { bucket: 'other' } });
	expect(error?.message).toContain('other');
	const onlyThere = { ...another.credential, bucketOnly: true };
	const refused = await copy(
		{},
		{ parameters: { ...toAnother, bucket: 'other' }, targetCredential: onlyThere },
	);
	expect(refused.error).toBeDefined();
	expect([...operations(), ...another.requests]).toEqual([]);
});

it('Copy of many items works on several at once and keeps their order', async () => {
	const items = Array.from({ length: 20 }, (_, n) => ({ json: { n } }));
	const { outputs, error } = await copy({}, { items, parameters: { key: '=copy-{{ $json.n }}' } });
	expect(error).toBeUndefined();
	expect(outputs[0]?.map(({ json }) => json.key)).toEqual(
		items.map(({ json: { n } }) => `copy-${n}`),
	);
});

it('the lists of the editor are those of the source, and of the connection that the copy goes to', async () => {
	another.store.makeBucket('there', 'us-east-1');
	const parameters = { ...toAnother, operation: 'copy', sourceBucket: bucket, bucket: 'other' };
	const settings = { parameters, credential, targetCredential: another.credential };
	expect((await runPicker('searchSourceKeys', settings)).results).toEqual([
		{ name: 'key', value: 'key' },
	]);
	const names = async (shown: object) => {
		const asked = { ...settings, parameters: { ...parameters, ...shown } };
		return (await runPicker('searchTargetBuckets', asked)).results.map(({ name }) => name);
	};
	expect(await names({})).toContain('there');
	expect(await names({ anotherConnection: false })).toContain('other');
});

describe('items of one run', () => {
	/** Makes the server slow for the first item, so that the others would overtake it. */
	const slowly = (key: string) =>
		server.faults.add({ key, times: 2, effect: { kind: 'latency', ms: 300 } });
	const byItem = (...pairs: [from: string, to: string][]): Partial<RunSettings> => ({
		items: pairs.map(([from, to]) => ({ json: { from, to } })),
		parameters: { sourceKey: '={{ $json.from }}', key: '={{ $json.to }}' },
	});
	const contentOf = async (key: string) =>
		await (await send(credential, 'GET', `/${bucket}/${key}`)).text();

	it('Copy to one key goes in the order of the items, and a hint counts them', async () => {
		await putAll(credential, bucket, { one: '1', two: '2' });
		slowly('one');
		const { hints } = await copy({}, byItem(['one', 'same'], ['two', 'same']));
		expect(await contentOf('same')).toBe('2');
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^An item has the same bucket and key/),
		]);
	});

	it('Copy takes what an item before has copied to the key of its source', async () => {
		await putAll(credential, bucket, { one: '1', two: '2' });
		slowly('one');
		const { hints } = await copy({}, byItem(['one', 'two'], ['two', 'three']));
		expect([await contentOf('two'), await contentOf('three')]).toEqual(['1', '1']);
		expect(hints).toEqual([]);
	});

	it('Move to the key that an item before is moved from loses nothing', async () => {
		await putAll(credential, bucket, { 'log.1': 'older', log: 'newer' });
		slowly('log.1');
		const { error } = await move({}, byItem(['log.1', 'log.2'], ['log', 'log.1']));
		expect(error).toBeUndefined();
		expect([await contentOf('log.2'), await contentOf('log.1')]).toEqual(['older', 'newer']);
	});

	it('Move of several objects to one key moves the first alone: the next would take its place, and it is nowhere else', async () => {
		await putAll(credential, bucket, { one: '1', two: '2', three: '3' });
		const settings = byItem(['one', 'same'], ['two', 'same'], ['three', 'other']);
		const { outputs, hints } = await move({}, { ...settings, onError: 'continueErrorOutput' });
		expect(outputs[1]?.map(({ json }) => json.error)).toEqual([
			'An item before this one has the Target Key “same”, too',
		]);
		expect([await contentOf('same'), await contentOf('two')]).toEqual(['1', '2']);
		expect(await contentOf('other')).toBe('3');
		expect(hints).toEqual([]);
	});

	it('Move of several objects to one key leaves the last one if Overwrite says so', async () => {
		await putAll(credential, bucket, { one: '1', two: '2' });
		const { error } = await move({ overwrite: 'always' }, byItem(['one', 'same'], ['two', 'same']));
		expect(error).toBeUndefined();
		expect(await contentOf('same')).toBe('2');
	});

	it.each([
		['source', { sourceBucket: bucket }],
		['target', { bucket }],
		['source and target', { sourceBucket: bucket, bucket }],
	])('Move loses nothing if the bucket of the credential is named for the %s', async (_, named) => {
		await putAll(credential, bucket, { 'log.1': 'older', log: 'newer' });
		slowly('log.1');
		const { parameters, items } = byItem(['log.1', 'log.2'], ['log', 'log.1']);
		const settings = { items: items ?? [], parameters: { ...parameters, ...named } };
		const { error, hints } = await move({}, settings);
		expect(error).toBeUndefined();
		expect([await contentOf('log.2'), await contentOf('log.1')]).toEqual(['older', 'newer']);
		expect(hints).toEqual([]);
	});
});
