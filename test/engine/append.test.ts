import { keyBytes } from '../servers/embedded/store';
import { withServer } from '../servers/withServer';
import { putAll, send } from './bucket';
import { runNode, storedFile } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket] });
const { credential } = server;
withBinaryStore();

const append = (parameters: object, items: object[] = [{ json: {} }]) =>
	runNode({
		items: items as never,
		parameters: { resource: 'object', operation: 'append', bucket, key: 'log', ...parameters },
		credential,
	});

const stored = async () => await (await send(credential, 'GET', `/${bucket}/log`)).text();
const lines = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));

describe('append', () => {
	it('Append makes an object of text, and adds to it', async () => {
		const first = await append({ text: 'grüße' });
		expect(first.outputs).toEqual([
			[
				{
					json: {
						bucket,
						key: 'log',
						size: 7,
						etag: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
						appended: 7,
						guarded: true,
					},
					pairedItem: { item: 0 },
				},
			],
		]);
		const { outputs } = await append({ text: ' 🙂' });
		expect(outputs[0]?.[0]?.json).toMatchObject({ size: 12, appended: 5 });
		expect(await stored()).toBe('grüße 🙂');
	});

	it.each([
		['\\n', '0\n1\n2'],
		['\\r\\n', '0\r\n1\r\n2'],
		['\\t\\\\n', '0\t\\n1\t\\n2'],
		[';', '0;1;2'],
		[undefined, '012'],
	])(
		'Append puts the separator %p between the items, in their order',
		async (separator, content) => {
			const options = { separator };
			const { outputs, hints } = await append({ text: '={{ $json.n }}', options }, lines(3));
			expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 1 },
				{ item: 2 },
			]);
			expect(await stored()).toBe(content);
			expect(hints).toEqual([]);
		},
	);

	it.each([
		[{}, { kind: 'log' }],
		[{ tags: 'keep' }, { kind: 'log' }],
		[{ tags: 'drop' }, {}],
	])('Append with the options %j leaves the object the tags %j', async (options, tags) => {
		const headers = { 'x-amz-tagging': 'kind=log' };
		await send(credential, 'PUT', `/${bucket}/log`, { body: 'a', headers });
		expect((await append({ text: 'b', options })).error).toBeUndefined();
		expect(server.store.bucket(bucket).get(keyBytes('log'))?.tags).toEqual(tags);
	});

	it.each([
		['the same connection', bucket],
		['a connection of its own for each item', '={{ $json.text }}'],
	])(
		'Append over %s keeps the order of the items of a key, also if a later one is ready first',
		async (_what, bucketOfCredential) => {
			const binary = { data: await storedFile(Buffer.from('a')) };
			const items = [
				{ json: { key: 'log', source: 'binary', text: 'one' }, binary },
				{ json: { key: 'other', source: 'text', text: 'x' } },
				{ json: { key: 'log', source: 'text', text: 'b' } },
				{ json: { key: 'other', source: 'binary', text: 'two' }, binary },
				{ json: { key: 'log', source: 'text', text: 'c' } },
			];
			const { outputs, error } = await runNode({
				items,
				parameters: {
					resource: 'object',
					operation: 'append',
					bucket,
					key: '={{ $json.key }}',
					source: '={{ $json.source }}',
					text: '={{ $json.text }}',
				},
				credential: { ...credential, bucket: bucketOfCredential },
			});
			expect(error).toBeUndefined();
			expect(outputs[0]?.map(({ json }) => json.size)).toEqual([1, 1, 2, 2, 3]);
			expect(await stored()).toBe('abc');
		},
	);

	it('Append says above its output what is unusual about the key', async () => {
		const { hints } = await append({ key: '/log', text: 'a' });
		expect(JSON.stringify(hints)).toContain('begins with a slash');
	});

	it('Append refuses a Text that nobody entered, before a request is sent', async () => {
		const { error } = await append({ text: '', options: { separator: '\\n' } });
		expect(error?.message).toContain('Text is empty, so there is nothing to append');
		expect(error?.description).toContain('Enter a Text, or choose File as Source.');
		expect(server.requests).toEqual([]);
	});

	it('Append says above its output that the text of an item was empty, unless a separator was added', async () => {
		await putAll(credential, bucket, { log: 'a' });
		const { outputs, hints } = await append({ text: '={{ $json.line }}' }, [
			{ json: { line: '' } },
			{ json: { line: 'b' } },
		]);
		expect(outputs[0]?.map(({ json }) => json.appended)).toEqual([0, 1]);
		expect(hints.map(({ message }) => message)).toEqual([
			'The expression of Text gave an empty text, so nothing was added to “log”.',
		]);
		const options = { separator: '\\n' };
		const blank = await append({ text: '={{ "" }}', options });
		expect(blank.outputs[0]?.[0]?.json.appended).toBe(1);
		expect(blank.hints).toEqual([]);
		expect(await stored()).toBe('ab\n');
	});

	it('Append adds nothing of an empty file, without a word', async () => {
		const data = await storedFile(Buffer.alloc(0), { fileName: 'empty.txt' });
		const { outputs, hints, error } = await append({ source: 'binary' }, [
			{ json: {}, binary: { data } },
		]);
		expect([error, hints]).toEqual([undefined, []]);
		expect(outputs[0]?.[0]?.json).toMatchObject({ size: 0, appended: 0 });
		expect(await stored()).toBe('');
	});

	it('Append adds the file of the item', async () => {
		await putAll(credential, bucket, { log: 'a' });
		const data = await storedFile(Buffer.from('b'), { fileName: 'b.txt' });
		const { outputs } = await append({ source: 'binary' }, [{ json: {}, binary: { data } }]);
		expect(outputs[0]?.[0]?.json).toMatchObject({ size: 2, appended: 1 });
		expect(outputs[0]?.[0]?.binary).toEqual({ data });
		expect(await stored()).toBe('ab');
		const binary = { a: data, b: data };
		const two = await append({ source: 'binary', binaryProperty: 'a,b' }, [{ json: {}, binary }]);
		expect(two.error?.message).toBe('Only one file can be appended for an item');
	});

	it('Append does not make an object if it is told not to', async () => {
		const { error } = await append({ text: 'x', options: { createIfMissing: false } });
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '404' });
	});

	it('Append leaves the file in an item that failed', async () => {
		const binary = { data: await storedFile(Buffer.from('b')) };
		const { outputs } = await runNode({
			items: [{ json: { n: 1 }, binary }],
			parameters: {
				resource: 'object',
				operation: 'append',
				bucket: 'no-such-bucket',
				key: 'log',
				source: 'binary',
			},
			credential,
			onError: 'continueErrorOutput',
		});
		const [failed] = outputs.flat();
		expect(failed).toMatchObject({ json: { n: 1, error: expect.any(String) as string }, binary });
	});

	it('Append gives a new object the type that is given, else that of its key', async () => {
		await append({ text: 'x', options: { contentType: 'text/x-log' } });
		await append({ text: 'x', key: 'a.csv' });
		const binary = { data: { data: 'eA==', mimeType: '' } };
		await append({ source: 'binary', key: 'a.png' }, [{ json: {}, binary }]);
		const type = async (key: string) =>
			(await send(credential, 'HEAD', `/${bucket}/${key}`)).headers.get('content-type');
		expect([await type('log'), await type('a.csv'), await type('a.png')]).toEqual([
			'text/x-log',
			'text/csv; charset=utf-8',
			'image/png',
		]);
	});

	it('of 16 executions that append at once no line is lost', async () => {
		const options = { separator: '\\n' };
		const runs = Array.from({ length: 16 }, (_, n) => append({ text: `line ${n}`, options }));
		const results = await Promise.all(runs);
		expect(results.map(({ outputs }) => outputs[0]?.[0]?.json.guarded)).not.toContain(false);
		expect((await stored()).split('\n').sort()).toEqual(
			Array.from({ length: 16 }, (_, n) => `line ${n}`).sort(),
		);
	});

	it('a hint says that others may be overwritten if the server does not check for them', async () => {
		await putAll(credential, bucket, { log: 'a' });
		const effect = { kind: 'answer', status: 501, code: 'NotImplemented' } as const;
		const when = ({ headers }: { headers: object }) => 'if-match' in headers;
		server.faults.add({ operation: 'PutObject', effect, when });
		const own = { ...credential, bucket: 'unguarded' };
		const { outputs, hints } = await runNode({
			parameters: { operation: 'append', bucket, key: 'log', text: 'b' },
			credential: own,
		});
		expect(outputs[0]?.[0]?.json).toMatchObject({ guarded: false, size: 2 });
		expect(hints).toMatchObject([{ message: expect.stringContaining('“log”') as string }]);
	});
});
