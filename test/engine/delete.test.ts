import { createHash } from 'node:crypto';

import { keyBytes } from '../servers/embedded/store';
import { withServer } from '../servers/withServer';
import { newBucket, putAll, send } from './bucket';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const another = withServer({ bucketsOfEachTest: [bucket] });
const { credential } = server;
withBinaryStore();

const del = (keys: unknown[], options: object = {}, settings: object = {}) =>
	runNode({
		items: keys.map((key) => ({ json: { key } as never })),
		parameters: {
			resource: 'object',
			operation: 'delete',
			key: '={{ $json.key }}',
			options: options as never,
		},
		credential,
		...settings,
	});

const operations = () => server.requests.map(({ operation }) => operation);
/** Those of these keys that have an object. */
const left = (...keys: string[]) =>
	keys.filter((key) => server.store.bucket(bucket).get(keyBytes(key)) !== undefined);
const isEmpty = () => server.store.bucket(bucket).isEmpty;

async function store(...keys: string[]): Promise<void> {
	await putAll(credential, bucket, Object.fromEntries(keys.map((key) => [key, 'content'])));
	server.requests.length = 0;
}

describe('Delete', () => {
	it('Delete deletes the object of one item by one request', async () => {
		await store('a', 'b');
		const { outputs, error } = await del(['a']);
		expect(error).toBeUndefined();
		expect(outputs[0]).toEqual([
			{ json: { bucket, key: 'a', deleteMarker: false, deleted: true }, pairedItem: { item: 0 } },
		]);
		expect(operations()).toEqual(['DeleteObject']);
		expect(left('a', 'b')).toEqual(['b']);
	});

	it('Delete deletes the objects of 2,500 items by three requests, in the order of the items', async () => {
		const keys = Array.from({ length: 2500 }, (_, index) => `key-${index}`);
		server.store.putMany(bucket, keys, 3);
		const { outputs, error } = await del(keys);
		expect(error).toBeUndefined();
		expect(operations()).toEqual(['DeleteObjects', 'DeleteObjects', 'DeleteObjects']);
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual(keys);
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
			keys.map((_, item) => ({ item })),
		);
		expect(isEmpty()).toBe(true);
	});

	it('Delete deletes every key that S3 can have', async () => {
		const keys = [
			'a b',
			'a+b',
			'a%20b',
			'a&b',
			"a'b",
			'a"b',
			'a<b>',
			'a\nb',
			'a\rb',
			'a\tb',
			'🙂',
			'//',
			'/x',
			'./a',
			'a/../b',
			'x'.repeat(1024),
			' ',
			'true',
			'1.0',
			'&amp;',
			']]>',
		];
		server.store.putMany(bucket, keys, 3);
		const { outputs, error } = await del(keys);
		expect(error).toBeUndefined();
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual(keys);
		expect(isEmpty()).toBe(true);
	});

	it('Delete deletes by themselves the keys that XML cannot carry', async () => {
		server.store.putMany(bucket, ['a\u0001b', 'c', 'd'], 3);
		const { error } = await del(['a\u0001b', 'c', 'd']);
		expect(error).toBeUndefined();
		expect(operations().sort()).toEqual(['DeleteObject', 'DeleteObjects']);
		expect(isEmpty()).toBe(true);
	});

	it('Delete gives the same result to two items with the same key', async () => {
		await store('a', 'b');
		const { outputs } = await del(['a', 'b', 'a']);
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual(['a', 'b', 'a']);
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
	});

	it('Delete sends the failed items alone to the error output', async () => {
		await store('a', 'b', 'c');
		server.faults.add({
			operation: 'DeleteObjects',
			effect: {
				kind: 'answer',
				status: 200,
				body: `<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>`,
			},
		});
		const { outputs, error } = await del(
			['a', 'b', 'c', ''],
			{},
			{ onError: 'continueErrorOutput' },
		);
		expect(error).toBeUndefined();
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual(['a']);
		const messages = outputs[1]?.map(({ json }) => json.error);
		expect(messages).toEqual([
			`Could not delete “b” in bucket “${bucket}”: access denied`,
			`Could not delete “c” in bucket “${bucket}”: the server did not say what became of it`,
			'The expression of Key gave nothing for this item: "{{ $json.key }}"',
		]);
		expect(outputs[1]?.map(({ pairedItem }) => pairedItem)).toEqual(
			[1, 2, 3].map((item) => ({ item })),
		);
	});

	it.each([
		['a/', 'objects in a folder stay'],
		['a/*', 'a key has no wildcards'],
	])('Delete says of the key %s that only the key itself was deleted', async (key, why) => {
		await store('a/b');
		const { hints } = await del([key, 'other']);
		expect(hints.map(({ message }) => message)).toEqual([
			`Only the key “${key}” itself was deleted: ${why}. Delete by Prefix deletes a folder with all that is in it.`,
		]);
		expect(left('a/b')).toEqual(['a/b']);
	});

	it.each([
		[
			'{{ $json.key }}',
			'has {{ }} in it, which only an expression fills in: switch the field of the key to Expression',
		],
		['s3://bucket/a', 'is a whole URL'],
		['/a', 'begins with a slash'],
	])(
		'Delete of the key %j, which hardly any object has, tells what S3 does not',
		async (key, what) => {
			const parameters = { resource: 'object', operation: 'delete', key };
			const { hints } = await del([key], {}, { parameters });
			expect(hints.map(({ message }) => message)).toEqual([
				`S3 says “deleted” also of an object that was not there. The key “${key}” ${what}.`,
			]);
		},
	);

	it('Delete says nothing of unusual keys that an expression takes from the items', async () => {
		expect((await del(['/a', '{{ a }}'])).hints).toEqual([]);
	});

	it('Delete says nothing of a folder whose objects the same run has deleted', async () => {
		await store('a/', 'a/b');
		expect((await del(['a/', 'c', 'a/b'])).hints).toEqual([]);
	});

	it('Delete throws the failure of the first item when the node stops', async () => {
		await store('a', 'b');
		server.faults.add({
			operation: 'DeleteObjects',
			effect: {
				kind: 'answer',
				status: 200,
				body: '<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>AccessDenied</Code></Error></DeleteResult>',
			},
		});
		const { error } = await del(['a', 'b']);
		expect(error?.message).toContain('“b”');
		expect(error?.description).toContain(`s3:DeleteObject on arn:aws:s3:::${bucket}/b`);
	});

	it('Delete begins no further request once an item failed and the node stops for that', async () => {
		const keys = Array.from({ length: 9000 }, (_, index) => `key-${index}`);
		server.store.putMany(bucket, keys, 3);
		server.faults.add({
			operation: 'DeleteObjects',
			times: 1,
			effect: { kind: 'answer', status: 403, code: 'AccessDenied', message: '' },
		});
		const { error } = await del(keys);
		expect(error?.message).toBe(`Could not delete objects of bucket “${bucket}”: access denied`);
		expect(server.requests.length).toBeLessThanOrEqual(4);
	});

	it('Delete names the first item that fails, also if its request comes after that of others', async () => {
		// Keys that XML cannot carry are deleted one by one, after the others.
		const keys = ['a\u0001', 'b\u0001', 'c', 'd', 'e\u0001'];
		await store(...keys);
		server.faults.add(
			{
				operation: 'DeleteObjects',
				effect: {
					kind: 'answer',
					status: 200,
					body: '<DeleteResult><Deleted><Key>c</Key></Deleted><Error><Key>d</Key><Code>AccessDenied</Code></Error></DeleteResult>',
				},
			},
			{
				operation: 'DeleteObject',
				when: ({ key }) => key === 'b\u0001',
				effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
			},
		);
		const { error } = await del(keys);
		expect(error?.context.itemIndex).toBe(1);
		expect(error?.message).toContain('b\u0001');
		expect(left('a\u0001', 'b\u0001', 'e\u0001')).toEqual(['b\u0001', 'e\u0001']);
	});

	it('Delete goes on with all items if the node is set to continue', async () => {
		const keys = Array.from({ length: 6000 }, (_, index) => `key-${index}`);
		// Not the usual one: requests that the test before gave up may still arrive.
		const other = await newBucket(credential);
		server.store.putMany(other, keys, 3);
		server.faults.add({
			operation: 'DeleteObjects',
			times: 1,
			when: (request) => request.bucket === other,
			effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
		});
		const settings = { credential: { ...credential, bucket: other } };
		const { outputs } = await del(keys, {}, { ...settings, onError: 'continueErrorOutput' });
		expect(outputs[0]).toHaveLength(5000);
		expect(outputs[1]).toHaveLength(1000);
	});

	it('Delete gives an item that was deleted although its response was lost', async () => {
		await store('a');
		server.faults.add({ operation: 'DeleteObject', times: 1, effect: { kind: 'loseAnswer' } });
		const { outputs } = await del(['a'], { ifMatch: '9a0364b9e99bb480dd25e1f0284c8555' });
		expect(outputs[0]?.[0]?.json).toEqual({ bucket, key: 'a', deleted: true });
	});

	it('Delete tries again the keys that the server failed at, and no others', async () => {
		await store('a', 'b');
		server.faults.add({
			operation: 'DeleteObjects',
			times: 1,
			effect: {
				kind: 'answer',
				status: 200,
				body: '<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>SlowDown</Code></Error><Error><Key>c</Key><Code>InternalError</Code></Error></DeleteResult>',
			},
		});
		const { outputs, error } = await del(['a', 'b', 'c']);
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(3);
		expect(operations()).toEqual(['DeleteObjects', 'DeleteObjects']);
		// The faulty response did not delete “a”; it is not asked for again.
		expect(left('a', 'b')).toEqual(['a']);
	});

	it('Delete goes one by one on servers without the bulk request, and remembers that', async () => {
		// A connection of its own: what it remembers would change the other tests.
		const other = await newBucket(credential);
		const settings = { credential: { ...credential, bucket: other } };
		server.store.putMany(other, ['a', 'b', 'c', 'd']);
		server.requests.length = 0;
		server.faults.add({
			operation: 'DeleteObjects',
			effect: { kind: 'answer', status: 501, code: 'NotImplemented' },
		});
		const { error } = await del(['a', 'b'], {}, settings);
		expect(error).toBeUndefined();
		expect(operations()).toEqual(['DeleteObjects', 'DeleteObject', 'DeleteObject']);
		server.requests.length = 0;
		await del(['c', 'd'], {}, settings);
		expect(operations()).toEqual(['DeleteObject', 'DeleteObject']);
		expect(server.store.bucket(other).isEmpty).toBe(true);
	});

	it('Delete deletes an object only while it has the ETag', async () => {
		await store('a', 'b');
		const etag = '"9a0364b9e99bb480dd25e1f0284c8555"';
		const { outputs } = await del(['a'], { ifMatch: etag });
		expect(outputs[0]).toHaveLength(1);
		const { error } = await del(['b'], { ifMatch: 'another' });
		expect(error?.message).toBe(
			`Could not delete “b” in bucket “${bucket}”: the object is not the one with ETag another`,
		);
		expect(left('a', 'b')).toEqual(['b']);
	});

	it('Delete compares the ETag of an object under a customer’s own key with that key', async () => {
		const customerKey = Buffer.alloc(32, 7);
		const encryption = 'x-amz-server-side-encryption-customer';
		const { headers } = await send(credential, 'PUT', `/${bucket}/secret`, {
			body: 'content',
			headers: {
				[`${encryption}-algorithm`]: 'AES256',
				[`${encryption}-key`]: customerKey.toString('base64'),
				[`${encryption}-key-md5`]: createHash('md5').update(customerKey).digest('base64'),
			},
		});
		const ifMatch = headers.get('etag') ?? '';
		expect((await del(['secret'], { ifMatch })).error?.message).toContain('its ETag is not known');
		const encryptionCustomerKey = customerKey.toString('base64');
		expect((await del(['secret'], { ifMatch, encryptionCustomerKey })).error).toBeUndefined();
		expect(left('secret')).toEqual([]);
	});

	it('Delete makes a delete marker in a bucket with versions, and deletes one version for good', async () => {
		const enabled = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
		await send(credential, 'PUT', `/${bucket}?versioning`, { body: enabled });
		await store('a');
		const marked = await del(['a']);
		const { versionId, ...more } = marked.outputs[0]?.[0]?.json ?? {};
		expect(more).toEqual({ bucket, key: 'a', deleteMarker: true, deleted: true });
		expect(typeof versionId).toBe('string');
		const removed = await del(['a'], { versionId });
		expect(removed.outputs[0]?.[0]?.json).toMatchObject({ versionId, deleteMarker: true });
		expect(left('a')).toEqual(['a']);
	});

	it('Delete refuses every bucket but the only one, without a request', async () => {
		const { error } = await runNode({
			items: [{ json: {} }, { json: {} }],
			parameters: { resource: 'object', operation: 'delete', bucket: 'other', key: 'a' },
			credential: { ...credential, bucketOnly: true },
		});
		expect(error?.message).toContain('This credential is only for bucket');
		expect(server.requests).toEqual([]);
	});

	it('Delete repeats requests for as long as each item says', async () => {
		await store('a', 'b', 'c', 'd');
		const effect = { kind: 'answer', status: 500, code: 'InternalError' } as const;
		server.faults.add({ effect, times: 1, when: ({ operation }) => operation === 'DeleteObjects' });
		const { outputs } = await del(
			['a', 'b', 'c', 'd'],
			{ retryFor: '={{ $json.key < "c" ? 0 : 60 }}' },
			{ onError: 'continueErrorOutput' },
		);
		expect(outputs.map((output) => output.map(({ json }) => json.key))).toEqual([
			['c', 'd'],
			['a', 'b'],
		]);
		expect(operations()).toEqual(['DeleteObjects', 'DeleteObjects']);
	});

	it('Delete deletes each item over its own connection, and those of one connection together', async () => {
		const keys = ['a', 'b', 'c', 'd'];
		await store(...keys);
		await putAll(another.credential, bucket, Object.fromEntries(keys.map((key) => [key, 'there'])));
		another.requests.length = 0;
		const { outputs, error } = await runNode({
			items: keys.map((key, index) => {
				const { endpoint } = index % 2 === 0 ? server : another;
				return { json: { key, endpoint } };
			}),
			parameters: { resource: 'object', operation: 'delete', key: '={{ $json.key }}' },
			credential: { ...credential, endpoint: '={{ $json.endpoint }}' },
		});
		expect(error).toBeUndefined();
		expect(outputs[0]?.map(({ json, pairedItem }) => [json.key, pairedItem])).toEqual(
			keys.map((key, item) => [key, { item }]),
		);
		expect(left(...keys)).toEqual(['b', 'd']);
		expect(keys.filter((key) => another.store.bucket(bucket).get(keyBytes(key)))).toEqual([
			'a',
			'c',
		]);
		for (const { requests } of [server, another]) {
			expect(requests.map(({ operation }) => operation)).toEqual(['DeleteObjects']);
		}
	});

	it('Delete refuses an item whose expression of a condition, a version or a bucket gives nothing', async () => {
		await store('a', 'b');
		for (const [parameters, label] of [
			[{ options: { ifMatch: '={{ $json.etag }}' } }, 'If ETag Matches'],
			[{ options: { versionId: '={{ $json.version }}' } }, 'Version ID'],
			[{ bucket: '={{ $json.bucket }}' }, 'Bucket'],
			[{ bucket: { __rl: true, mode: 'name', value: '={{ $json.bucket }}' } }, 'Bucket'],
		] as const) {
			const { error } = await runNode({
				items: [{ json: { key: 'a' } }, { json: { key: 'b' } }],
				parameters: {
					resource: 'object',
					operation: 'delete',
					key: '={{ $json.key }}',
					...parameters,
				},
				credential,
			});
			expect(error?.message).toContain(
				`The expression of ${label} gave nothing for this item: "{{ $json.`,
			);
		}
		expect(left('a', 'b')).toEqual(['a', 'b']);
	});
});
