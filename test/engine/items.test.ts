import type { INodeExecutionData } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { newBucket, putAll, send } from './bucket';
import { contentOf, runNode, storedFile } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

beforeAll(() => putAll(credential, bucket, { a: 'A', b: 'BB', c: 'CCC' }));

const items = (...json: Array<Record<string, string | number>>): INodeExecutionData[] =>
	json.map((fields) => ({ json: fields }));

const getByKey = {
	resource: 'object',
	operation: 'get',
	as: 'text',
	key: { __rl: true, mode: 'key', value: '={{ $json.key }}' },
};

describe('several items', () => {
	it.each([1, 3, 100])(
		'several items keep their order and links with a concurrency of %d',
		async (concurrency) => {
			const wanted = Array.from({ length: 30 }, (_, n) => ({ key: 'abc'.charAt(n % 3), n }));
			const { outputs } = await runNode({
				items: items(...wanted),
				parameters: { ...getByKey, options: { concurrency } },
				credential,
			});
			expect(outputs[0]?.map(({ json }) => json.key)).toEqual(wanted.map(({ key }) => key));
			expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
				wanted.map((_, item) => ({ item })),
			);
		},
	);

	it('all items that an input item makes are linked to it', async () => {
		const { outputs } = await runNode({
			items: items({ prefix: 'a' }, { prefix: '' }),
			parameters: { resource: 'object', operation: 'list', prefix: '={{ $json.prefix }}' },
			credential,
		});
		expect(outputs[0]?.map(({ json, pairedItem }) => [json.key, pairedItem])).toEqual([
			['a', { item: 0 }],
			['a', { item: 1 }],
			['b', { item: 1 }],
			['c', { item: 1 }],
		]);
	});

	it('several items have every field by their own expressions', async () => {
		const first = await storedFile(Buffer.from('1'), { mimeType: 'image/png' });
		const other = await newBucket(credential);
		const settings = [
			{
				bucket,
				key: 'x1',
				source: 'binary',
				field: 'one',
				type: '',
				cache: 'no-store',
				meta: 'm1',
			},
			{ bucket: other, key: 'x2', source: 'text', field: '', type: 'a/b', cache: '', meta: 'm2' },
		];
		const { outputs, error } = await runNode({
			items: settings.map((json, n) => ({ json, ...(n === 0 ? { binary: { one: first } } : {}) })),
			parameters: {
				resource: 'object',
				operation: 'put',
				bucket: { __rl: true, mode: 'name', value: '={{ $json.bucket }}' },
				key: '={{ $json.key }}',
				source: '={{ $json.source }}',
				binaryProperty: '={{ $json.field }}',
				text: 'text of {{ $json.key }}',
				options: {
					contentType: '={{ $json.type }}',
					cacheControl: '={{ $json.cache }}',
					metadata: { entry: [{ name: '={{ $json.meta }}', value: '={{ $json.key }}' }] },
				},
			},
			credential,
		});
		expect(error).toBeUndefined();
		expect(outputs[0]?.map(({ json }) => [json.bucket, json.key, json.contentType])).toEqual([
			[bucket, 'x1', 'image/png'],
			[other, 'x2', 'a/b'],
		]);
		const one = (await send(credential, 'HEAD', `/${bucket}/x1`)).headers;
		const two = (await send(credential, 'HEAD', `/${other}/x2`)).headers;
		expect([one.get('cache-control'), one.get('x-amz-meta-m1')]).toEqual(['no-store', 'x1']);
		expect([two.get('cache-control'), two.get('x-amz-meta-m2')]).toEqual([null, 'x2']);
		expect(one.get('x-amz-meta-m2')).toBeNull();
	});

	it('several listings have their own output, field and file name', async () => {
		const { outputs } = await runNode({
			items: items(
				{ output: 'csv', field: 'one', name: 'one.csv' },
				{ output: 'ndjson', field: 'two', name: 'two.ndjson' },
				{ output: 'array', field: '', name: '' },
			),
			parameters: {
				resource: 'object',
				operation: 'list',
				output: '={{ $json.output }}',
				binaryProperty: '={{ $json.field }}',
				options: { fileName: '={{ $json.name }}' },
			},
			credential,
		});
		expect(outputs[0]?.map(({ binary }) => binary?.one?.fileName ?? binary?.two?.fileName)).toEqual(
			['one.csv', 'two.ndjson', undefined],
		);
	});

	it('several items list their own bucket and prefix to the end, when both need several pages', async () => {
		const other = await newBucket(credential);
		const names = (prefix: string) =>
			Array.from({ length: 1050 }, (_, n) => `${prefix}${String(n).padStart(4, '0')}`);
		server.store.putMany(bucket, names('left/'));
		server.store.putMany(other, [...names('right/'), 'zzz/not mine']);
		const { outputs } = await runNode({
			items: items({ bucket, prefix: 'left/' }, { bucket: other, prefix: 'right/' }),
			parameters: {
				resource: 'object',
				operation: 'list',
				bucket: { __rl: true, mode: 'name', value: '={{ $json.bucket }}' },
				prefix: '={{ $json.prefix }}',
				returnAll: true,
			},
			credential,
		});
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual([
			...names('left/'),
			...names('right/'),
		]);
		expect(new Set(outputs[0]?.slice(1050).map(({ json }) => json.bucket))).toEqual(
			new Set([other]),
		);
	});

	it('several items may have different credentials if their fields are expressions', async () => {
		const other = await newBucket(credential);
		await putAll(credential, other, { a: 'other A' });
		const { outputs } = await runNode({
			items: items({ key: 'a', bucket }, { key: 'a', bucket: other }, { key: 'a', bucket }),
			parameters: { ...getByKey, options: { concurrency: 1 } },
			credential: { ...credential, bucket: '={{ $json.bucket }}' },
		});
		expect(outputs[0]?.map(({ json }) => json.text)).toEqual(['A', 'other A', 'A']);
	});

	it('a credential without expressions is read once for all items', async () => {
		const onCredentialRead = jest.fn();
		const { outputs } = await runNode({
			items: items({ key: 'a' }, { key: 'b' }, { key: 'c' }),
			parameters: { ...getByKey, options: { concurrency: 1 } },
			credential,
			onCredentialRead,
		});
		expect(outputs[0]?.map(({ json }) => json.text)).toEqual(['A', 'BB', 'CCC']);
		expect(onCredentialRead).toHaveBeenCalledTimes(1);
	});

	it('a credential that could not be read is read again for the next item', async () => {
		const onCredentialRead = jest.fn().mockImplementationOnce(() => {
			throw new Error('the database is away');
		});
		const { outputs } = await runNode({
			items: items({ key: 'a' }, { key: 'b' }),
			parameters: { ...getByKey, options: { concurrency: 1 } },
			credential,
			onCredentialRead,
			onError: 'continueRegularOutput',
		});
		expect(outputs[0]?.map(({ json }) => json.text ?? json.error)).toEqual([
			expect.stringContaining('the database is away'),
			'BB',
		]);
	});
});

describe('an item that fails', () => {
	const mixed = items({ key: 'a' }, { key: 'missing' }, { key: 'c' });
	const message = () => `Could not get “missing” in bucket “${bucket}”`;

	it('an item that fails stops the workflow, and the error names it', async () => {
		const { status, error, outputs } = await runNode({
			items: mixed,
			parameters: getByKey,
			credential,
		});
		expect(status).toBe('error');
		expect(error).toMatchObject({ context: { itemIndex: 1 } });
		expect(error?.message).toContain(message());
		expect(outputs.flat()).toEqual([]);
	});

	it('an item that fails is passed on with its error, in its place, when the node continues', async () => {
		const { status, outputs } = await runNode({
			items: mixed,
			parameters: getByKey,
			credential,
			onError: 'continueRegularOutput',
		});
		expect(status).toBe('success');
		expect(outputs).toHaveLength(1);
		expect(outputs[0]?.map(({ json }) => json.text ?? json.error)).toEqual([
			'A',
			expect.stringContaining(message()),
			'CCC',
		]);
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	it('an item that fails goes to the error output, and the others to the first output', async () => {
		const { outputs } = await runNode({
			items: mixed,
			parameters: getByKey,
			credential,
			onError: 'continueErrorOutput',
		});
		expect(outputs[0]?.map(({ json, pairedItem }) => [json.text, pairedItem])).toEqual([
			['A', { item: 0 }],
			['CCC', { item: 2 }],
		]);
		const [failed, ...more] = outputs[1] ?? [];
		expect(more).toEqual([]);
		expect(failed?.pairedItem).toEqual({ item: 1 });
		expect(failed?.json).toEqual({
			...mixed[1]?.json,
			error: expect.stringContaining(message()) as string,
			message: expect.stringMatching(
				/^Keys are case sensitive.*\(NoSuchKey · 404 · request /,
			) as string,
		});
	});

	it('an item that fails keeps its JSON also if the node continues with its only output', async () => {
		const { outputs } = await runNode({
			items: mixed,
			parameters: getByKey,
			credential,
			onError: 'continueRegularOutput',
		});
		expect(outputs[0]?.[1]).toEqual({
			json: {
				...mixed[1]?.json,
				error: expect.stringContaining(message()) as string,
				message: expect.stringContaining('NoSuchKey') as string,
			},
			pairedItem: { item: 1 },
		});
	});

	it.each(['continueErrorOutput', 'continueRegularOutput'] as const)(
		'a file that could not be put is in the item that failed, with %s',
		async (onError) => {
			const data = await storedFile(Buffer.from('x'));
			const { outputs } = await runNode({
				items: [{ json: { id: 7 }, binary: { data } }],
				parameters: { resource: 'object', operation: 'put', bucket: 'no-such-bucket', key: 'a' },
				credential,
				onError,
			});
			const [failed] = outputs.flat();
			expect(failed?.json).toMatchObject({
				id: 7,
				error: expect.stringContaining('the bucket does not exist') as string,
			});
			expect(failed?.binary).toEqual({ data });
		},
	);

	it('several items with one key are put in their order, and a hint counts them', async () => {
		const texts = ['x'.repeat(20_000_000), 'short', 'last'];
		const { outputs, hints } = await runNode({
			items: items(...texts.map((text) => ({ text }))),
			parameters: {
				resource: 'object',
				operation: 'put',
				source: 'text',
				text: '={{ $json.text }}',
				key: 'same',
			},
			credential,
		});
		expect(outputs[0]).toHaveLength(3);
		const stored = await send(credential, 'GET', `/${bucket}/same`);
		expect(await stored.text()).toBe('last');
		expect(hints.map(({ message: words }) => words)).toEqual([
			expect.stringMatching(/^2 items have the same bucket and key/),
			`1 object put into bucket “${bucket}”.`,
		]);
	});

	it('items with one key and buckets of their own by the credential neither wait nor have a hint', async () => {
		const buckets = [await newBucket(credential), await newBucket(credential)];
		const { outputs, hints } = await runNode({
			items: items(...buckets.map((own) => ({ own }))),
			parameters: { resource: 'object', operation: 'put', source: 'text', text: 'x', key: 'same' },
			credential: () => ({ ...credential, bucket: '={{ $json.own }}' }),
		});
		expect(outputs[0]?.map(({ json }) => json.bucket)).toEqual(buckets);
		expect(hints.map(({ message: words }) => words)).toEqual([
			buckets.map((own) => `1 object put into bucket “${own}”`).join(', ') + '.',
		]);
	});

	it('items with one key are put in their order if the credential gives them one bucket', async () => {
		server.faults.add({ key: 'twice', times: 1, effect: { kind: 'latency', ms: 300 } });
		const { hints } = await runNode({
			items: items({ own: bucket }, { own: bucket }),
			parameters: {
				resource: 'object',
				operation: 'put',
				source: 'text',
				text: '={{ $itemIndex }}',
				key: 'twice',
			},
			credential: () => ({ ...credential, bucket: '={{ $json.own }}' }),
		});
		const stored = await send(credential, 'GET', `/${bucket}/twice`);
		expect(await stored.text()).toBe('1');
		expect(hints.map(({ message: words }) => words)).toContainEqual(
			expect.stringMatching(/^An item has the same bucket and key/),
		);
	});

	it('the error that stops a node is that of the first item that fails, also if it takes longest', async () => {
		for (const [key, ms] of [
			['none/a', 300],
			['none/b', 0],
			['none/c', 100],
		] as const) {
			server.faults.add({ key, effect: { kind: 'latency', ms } });
		}
		const { error } = await runNode({
			items: items({ key: 'none/a' }, { key: 'none/b' }, { key: 'none/c' }),
			parameters: getByKey,
			credential,
		});
		expect(error?.message).toContain('“none/a”');
	});

	it('an item without its file leaves the others unaffected', async () => {
		const data = await storedFile(Buffer.from('x'));
		const { outputs } = await runNode({
			items: [{ json: {} }, { json: {}, binary: { data } }, { json: {} }],
			parameters: { resource: 'object', operation: 'put', key: 'own' },
			credential,
			onError: 'continueErrorOutput',
		});
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(outputs[1]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(outputs[1]?.[0]?.json.error).toEqual(expect.any(String));
	});

	it('no further item is begun when one has failed and the workflow is to stop', async () => {
		await runNode({
			items: items(
				{ key: 'missing' },
				...Array.from({ length: 20 }, (_, n) => ({ key: `new${n}` })),
			),
			parameters: {
				resource: 'object',
				operation: 'put',
				source: 'text',
				text: 'x',
				key: '={{ $json.key === "missing" ? "" : $json.key }}',
				options: { concurrency: 1 },
			},
			credential,
		});
		await expect(send(credential, 'HEAD', `/${bucket}/new0`)).rejects.toThrow('404');
	});
});

describe('keys of any kind', () => {
	const odd = [
		' leading and trailing ',
		'/leading slash',
		'a//b',
		'a/./b',
		'a/../b',
		'..',
		'line\nbreak\ttab',
		'100%',
		'%2F%20+',
		'&\'()*!~@$,;:=?#[]{}|^`<>"\\',
		'grüße/日本語/🙂',
		'é composed, é not',
		'x'.repeat(1024),
		...Array.from({ length: 95 }, (_, n) => `ascii/${String.fromCharCode(32 + n)}`),
	];

	it('keys of any kind make the round trip of put, list and get unchanged', async () => {
		const target = await newBucket(credential);
		const base = { resource: 'object', bucket: target };
		const put = await runNode({
			items: items(...odd.map((key) => ({ key }))),
			parameters: {
				...base,
				operation: 'put',
				source: 'text',
				text: '={{ $json.key }}',
				key: '={{ $json.key }}',
			},
			credential,
		});
		expect(put.error).toBeUndefined();
		const list = await runNode({
			parameters: { ...base, operation: 'list', returnAll: true },
			credential,
		});
		const listed = list.outputs[0]?.map(({ json }) => json.key) ?? [];
		expect([...listed].sort()).toEqual([...odd].sort());
		const get = await runNode({
			items: list.outputs[0] ?? [],
			parameters: { ...getByKey, ...base },
			credential,
		});
		expect(get.error).toBeUndefined();
		expect(get.outputs[0]?.map(({ json }) => json.text)).toEqual(listed);
	});
});

describe('a file', () => {
	it('a file comes back byte for byte, through n8n’s store both ways', async () => {
		const content = Buffer.alloc(11 * 1024 * 1024 + 7);
		for (let at = 0; at < content.length; at += 4)
			content.writeUInt32LE((at * 2654435761) % 2 ** 32, Math.min(at, content.length - 4));
		const data = await storedFile(content);
		const options = { multipartThresholdMb: 5, partSizeMb: 5 };
		const put = { resource: 'object', operation: 'put', key: 'large', options };
		const stored = await runNode({
			items: [{ json: {}, binary: { data } }],
			parameters: put,
			credential,
		});
		expect(stored.outputs[0]?.[0]?.json.parts).toBe(3);
		const get = { resource: 'object', operation: 'get', key: 'large' };
		const { outputs } = await runNode({ parameters: get, credential });
		const file = outputs[0]?.[0]?.binary?.data;
		expect(file?.id).toMatch(/^filesystem/);
		expect((await contentOf(file)).equals(content)).toBe(true);
	});
});
