import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';

import type { INodeType } from 'n8n-workflow';

import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { withServer } from '../servers/withServer';
import { putAll, send } from './bucket';
import { contentOf, runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

beforeAll(async () => {
	await putAll(credential, bucket, { 'a/b.txt': 'hello', empty: '', '0123456789': '0123456789' });
});

const get = (parameters: object) =>
	runNode({ parameters: { resource: 'object', operation: 'get', ...parameters }, credential });

async function store(key: string, body: Buffer | string, headers: Record<string, string> = {}) {
	await send(credential, 'PUT', `/${bucket}/${encodeURIComponent(key)}`, { body, headers });
}

describe('get as a file', () => {
	it('Get as a file gives the file under the last part of its key, with what S3 knows of it', async () => {
		const headers = { 'content-type': 'text/x-test', 'x-amz-meta-a': '1' };
		await store('x/y.tst', 'hello', headers);
		const { outputs, error } = await get({ key: { __rl: true, mode: 'key', value: 'x/y.tst' } });
		expect(error).toBeUndefined();
		const [item] = outputs[0] ?? [];
		expect(item?.json).toMatchObject({
			bucket,
			key: 'x/y.tst',
			size: 5,
			contentType: 'text/x-test',
			etag: '5d41402abc4b2a76b9719d911017c592',
			lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
			metadata: { a: '1' },
		});
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(item?.binary?.data).toMatchObject({
			fileName: 'y.tst',
			mimeType: 'text/x-test',
			bytes: 5,
		});
		expect(String(await contentOf(item?.binary?.data))).toBe('hello');
	});

	it('Get as a file tells n8n the type by the ending of the key if the stored one says nothing', async () => {
		await store('photo.png', 'hello', { 'content-type': 'binary/octet-stream' });
		const { outputs } = await get({ key: 'photo.png' });
		expect(outputs[0]?.[0]?.binary?.data).toMatchObject({
			mimeType: 'image/png',
			fileType: 'image',
		});
		expect(outputs[0]?.[0]?.json.contentType).toBe('binary/octet-stream');
		const given = await get({ key: 'photo.png', options: { contentType: 'text/x-test' } });
		expect(given.outputs[0]?.[0]?.binary?.data?.mimeType).toBe('text/x-test');
	});

	it('Get as a file refuses a byte that was changed, if it is to verify the ETag', async () => {
		const fault = { operation: 'GetObject', effect: { kind: 'corrupt', offset: 1 } } as const;
		server.faults.add(fault);
		const verified = await get({ key: 'a/b.txt' });
		expect(verified.error?.message).toContain('do not have the MD5 that is its ETag');
		const unverified = await get({ key: 'a/b.txt', options: { verifyEtag: 'never' } });
		expect(unverified.error).toBeUndefined();
	});

	it('Get as a file gives an empty file', async () => {
		const { outputs } = await get({ key: 'empty' });
		expect(outputs[0]?.[0]?.json.size).toBe(0);
		expect(await contentOf(outputs[0]?.[0]?.binary?.data)).toEqual(Buffer.alloc(0));
	});

	it('Get as a file leaves what is stored as gzip as it is', async () => {
		const stored = gzipSync('hello');
		await store('hello.txt', stored, { 'content-encoding': 'gzip' });
		const { outputs } = await get({ key: 'hello.txt' });
		expect(outputs[0]?.[0]?.json).toMatchObject({ contentEncoding: 'gzip', size: stored.length });
		expect(await contentOf(outputs[0]?.[0]?.binary?.data)).toEqual(stored);
	});

	it('Get as a file puts the file under the name, type and field that are asked for', async () => {
		const options = { fileName: 'c.pdf', contentType: 'application/pdf' };
		const { outputs } = await get({ key: 'a/b.txt', binaryProperty: 'pdf', options });
		expect(outputs[0]?.[0]?.binary?.pdf).toMatchObject({
			fileName: 'c.pdf',
			mimeType: 'application/pdf',
		});
	});

	it.each([
		['folder/', 'folder'],
		['a/..', 'a'],
		['dir\\evil\u0001.txt', 'evil.txt'],
		['///', 'file'],
	])('Get as a file gives the object “%s” the safe name “%s”', async (key, fileName) => {
		const put = { resource: 'object', operation: 'put', source: 'text', text: 'x', key };
		expect((await runNode({ parameters: put, credential })).error).toBeUndefined();
		const { outputs, error } = await get({ key });
		expect(error).toBeUndefined();
		expect(outputs[0]?.[0]?.binary?.data?.fileName).toBe(fileName);
	});

	it.each([
		['bytes=2-4', '234'],
		['2-4', '234'],
		['bytes=7-', '789'],
		['bytes=-3', '789'],
	])('Get as a file gives the range %s of it', async (range, content) => {
		const { outputs } = await get({ key: '0123456789', options: { range } });
		expect(outputs[0]?.[0]?.json.size).toBe(3);
		expect(String(await contentOf(outputs[0]?.[0]?.binary?.data))).toBe(content);
	});
});

describe('get as text', () => {
	const textOf = async (key: string, options = {}) => {
		const { outputs, error } = await get({ key, as: 'text', options });
		return error?.message ?? outputs[0]?.[0]?.json.text;
	};

	it('Get as text decodes UTF-8 without its byte order mark, and an empty object', async () => {
		await store('utf8', Buffer.from('\ufeffgrüße 🙂'), {});
		expect(await textOf('utf8')).toBe('grüße 🙂');
		expect(await textOf('empty')).toBe('');
	});

	it('Get as text decodes the charset that the content type, or the option, names', async () => {
		await store('latin1', Buffer.from('grüße', 'latin1'), {
			'content-type': 'text/plain; charset=ISO-8859-1',
		});
		await store('untyped', Buffer.from('grüße', 'latin1'), {});
		expect(await textOf('latin1')).toBe('grüße');
		const contentType = 'text/plain; charset=latin1';
		expect(await textOf('untyped', { contentType })).toBe('grüße');
	});

	it('a file that is got has a type with which n8n shows it, and is put again with its charset', async () => {
		const type = 'text/csv; charset=ISO-8859-1';
		await store('latin1.csv', Buffer.from('grüße', 'latin1'), { 'content-type': type });
		const { outputs } = await get({ key: 'latin1.csv' });
		const [item] = outputs[0] ?? [];
		expect(item?.json.contentType).toBe(type);
		expect(item?.binary?.data?.mimeType).toBe('text/csv');
		const put = await runNode({
			parameters: { resource: 'object', operation: 'put', key: 'again.csv' },
			credential,
			items: [item!],
		});
		expect(put.outputs[0]?.[0]?.json).toMatchObject({ key: 'again.csv', contentType: type });
	});

	it('Get as text unpacks what is stored as gzip', async () => {
		await store('gzip', gzipSync('hello'), { 'content-encoding': 'gzip' });
		expect(await textOf('gzip')).toBe('hello');
	});

	it('Get as text and as JSON take as much as the option says, unpacked', async () => {
		await store('long', 'a'.repeat(2000));
		await store('long.gz', gzipSync('a'.repeat(2000)), { 'content-encoding': 'gzip' });
		for (const as of ['text', 'json']) {
			for (const key of ['long', 'long.gz']) {
				const { error } = await get({ key, as, options: { maxTextSizeMb: 1999 / 1024 ** 2 } });
				expect(error?.message).toContain('the limit for text and JSON');
				expect(error?.description).toContain('Get it as a file');
			}
		}
		expect(await textOf('long', { maxTextSizeMb: 2000 / 1024 ** 2 })).toHaveLength(2000);
	});

	it('Get as text takes 64 MiB without the option, and n8n goes on meanwhile', async () => {
		await store('bomb', gzipSync(Buffer.alloc(100 * 1024 * 1024, '0123456789')), {
			'content-encoding': 'gzip',
		});
		const delay = monitorEventLoopDelay();
		delay.enable();
		expect(await textOf('bomb')).toContain('has more than 64 MiB, the limit for text and JSON');
		// Tens of milliseconds, but for a busy machine; it was 9 s.
		expect(delay.max / 1e6).toBeLessThan(3000);
	});

	it('Get as text refuses bytes that are no text instead of changing them', async () => {
		await store('binary', Buffer.from([0xff, 0x80, 0xfe]), {});
		expect(await textOf('binary')).toBe(
			`The object “binary” in bucket “${bucket}” is not text in the charset utf-8`,
		);
		await store('no gzip', 'hello', { 'content-encoding': 'gzip' });
		expect(await textOf('no gzip')).toContain('cannot be unpacked as gzip');
	});
});

describe('get as JSON', () => {
	it('Get as JSON gives the parsed content', async () => {
		await store('j', '{"a":[1,{"b":null}]}', {});
		const { outputs } = await get({ key: 'j', as: 'json' });
		expect(outputs[0]?.[0]?.json.data).toEqual({ a: [1, { b: null }] });
	});

	it('Get as JSON refuses lists in lists that n8n could neither hand on nor store', async () => {
		await putAll(server.credential, bucket, { deep: '['.repeat(5000) + ']'.repeat(5000) });
		const { error } = await get({ key: 'deep', as: 'json' });
		expect(error?.message).toContain('more than 1,000 lists and objects one inside the other');
	});

	it('Get as JSON lets n8n do its other work while it parses JSON that was made to keep it busy', async () => {
		await store('fields', `{${'"":0,'.repeat(4_000_000)}`);
		let longest = 0;
		let last = performance.now();
		const other = () => {
			longest = Math.max(longest, performance.now() - last);
			last = performance.now();
		};
		const others = setInterval(other, 1);
		const begin = performance.now();
		const { error } = await get({ key: 'fields', as: 'json' });
		const whole = performance.now() - begin;
		clearInterval(others);
		other();
		// It ends too early, so that n8n gets nothing of it to work on.
		expect(error?.message).toContain('is not JSON');

		expect(longest).toBeLessThan(whole / 2);
	});

	it('Get as JSON parses no further when the workflow is cancelled', async () => {
		await store('lists', `[${'[],'.repeat(1_000_000)}1]`);
		let cancelRun = () => {};
		let pieces = 0;
		const { parse } = JSON;
		const spy = jest.spyOn(JSON, 'parse').mockImplementation((text) => {
			if (text.startsWith('[[],[],')) {
				pieces += 1;
				cancelRun();
			}
			return parse(text) as unknown;
		});
		const { status } = await runNode({
			parameters: { resource: 'object', operation: 'get', key: 'lists', as: 'json' },
			credential,
			onStart: (cancel) => {
				cancelRun = cancel;
			},
		});
		spy.mockRestore();
		expect({ status, pieces }).toEqual({ status: 'canceled', pieces: 1 });
	});

	it('Get as JSON says so when the content is not JSON', async () => {
		const { error } = await get({ key: 'a/b.txt', as: 'json' });
		expect(error?.message).toBe(`The object “a/b.txt” in bucket “${bucket}” is not JSON`);
		expect(error?.description).toContain('Get it as text or as a file instead.');
	});
});

describe('get with a condition', () => {
	const etag = '5d41402abc4b2a76b9719d911017c592';
	const moment = { past: '2020-01-01T00:00:00Z', future: '2099-01-01T00:00:00Z' };

	it.each([
		[{ ifMatch: etag }, 'found', undefined],
		[{ ifMatch: `"${etag}"` }, 'found', undefined],
		[{ ifMatch: 'other' }, 'preconditionFailed', 412],
		[{ ifNoneMatch: etag }, 'notModified', 304],
		[{ ifNoneMatch: `"${etag}"` }, 'notModified', 304],
		[{ ifNoneMatch: 'other' }, 'found', undefined],
		[{ ifModifiedSince: moment.past }, 'found', undefined],
		[{ ifUnmodifiedSince: moment.past }, 'preconditionFailed', 412],
		[{ ifUnmodifiedSince: moment.future }, 'found', undefined],
	])('Get with the condition %j has the outcome %s', async (options, outcome, httpCode) => {
		for (const as of ['file', 'text']) {
			const { outputs, error } = await get({ key: 'a/b.txt', as, options });
			expect(error).toBeUndefined();
			const [item] = outputs[0] ?? [];
			expect(item?.pairedItem).toEqual({ item: 0 });
			if (outcome === 'found') {
				expect(item?.json).toMatchObject({ outcome, size: 5, etag });
				expect(item?.json).not.toHaveProperty('httpCode');
				expect(as === 'text' ? item?.json.text : item?.binary?.data?.bytes).toBeDefined();
			} else {
				expect(item?.json).toEqual({ bucket, key: 'a/b.txt', outcome, httpCode });
				expect(item?.binary).toBeUndefined();
			}
		}
	});

	it('Get as JSON says, too, that the object is the one known already', async () => {
		await store('known', '{}', {});
		const first = await get({ key: 'known', as: 'json' });
		const { lastModified } = first.outputs[0]?.[0]?.json ?? {};
		const options = { ifModifiedSince: lastModified };
		const { outputs } = await get({ key: 'known', as: 'json', options });
		expect(outputs[0]?.[0]?.json).toMatchObject({ outcome: 'notModified', httpCode: 304 });
	});

	it('Get sorts several items by what became of them, each in its place', async () => {
		const { outputs, error } = await runNode({
			items: [etag, 'other', etag].map((known) => ({ json: { known } })),
			parameters: {
				resource: 'object',
				operation: 'get',
				key: 'a/b.txt',
				options: { ifNoneMatch: '={{ $json.known }}' },
			},
			credential,
		});
		expect(error).toBeUndefined();
		expect(outputs[0]?.map(({ json, pairedItem }) => [json.outcome, pairedItem])).toEqual([
			['notModified', { item: 0 }],
			['found', { item: 1 }],
			['notModified', { item: 2 }],
		]);
	});

	it.each([304, 412])(
		'a response with the status %i that was not asked for is an error',
		async (status) => {
			server.faults.add({ operation: 'GetObject', effect: { kind: 'answer', status } });
			const { error } = await get({ key: 'a/b.txt' });
			server.faults.clear();
			expect((error as { httpCode?: string } | undefined)?.httpCode).toBe(String(status));
		},
	);
});

describe('get of an object with a checksum', () => {
	const sha256 = 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=';

	it.each(['file', 'text'])('Get as %s says that the content was verified', async (as) => {
		await store('sum', 'hello', { 'x-amz-checksum-sha256': sha256 });
		const { outputs } = await get({ key: 'sum', as });
		expect(outputs[0]?.[0]?.json.checksum).toEqual({
			algorithm: 'SHA256',
			value: sha256,
			type: 'FULL_OBJECT',
			verified: true,
		});
	});

	it('Get does not say of a checksum that it was verified if it only knows its name', async () => {
		const headers = { etag: '"e"', 'x-amz-checksum-xxhash64': 'AAAAAAAAAAA=' };
		const effect = { kind: 'answer', status: 200, headers, body: 'hello' } as const;
		server.faults.add({ operation: 'GetObject', effect });
		const { outputs } = await get({ key: 'sum', as: 'text' });
		expect(outputs[0]?.[0]?.json.checksum).toMatchObject({
			algorithm: 'XXHASH64',
			verified: false,
		});
	});

	it('Get of a range says nothing about verification', async () => {
		await store('sum', 'hello', { 'x-amz-checksum-sha256': sha256 });
		const { outputs } = await get({ key: 'sum', options: { range: '0-3' } });
		expect(outputs[0]?.[0]?.json).not.toHaveProperty('checksum');
	});

	it.each(['file', 'text', 'json'])('Get as %s is an error when a byte is another', async (as) => {
		await store('sum', 'hello', { 'x-amz-checksum-sha256': sha256 });
		server.faults.add({ operation: 'GetObject', effect: { kind: 'corrupt', offset: 4 } });
		const { outputs, error } = await get({ key: 'sum', as });
		server.faults.clear();
		expect(outputs).toEqual([]);
		expect(error?.message).toBe(
			`Could not get “sum” in bucket “${bucket}”: its bytes do not have the SHA256 that S3 has stored for it`,
		);
	});
});

describe('get with tags', () => {
	const tagged = { key: 'tagged', options: { includeTags: true } };
	const asked = () => server.requests.map(({ operation }) => operation);

	beforeAll(async () => {
		const headers = { 'x-amz-tagging': 'project=n8n&a%20b=c%2Fd' };
		await store('tagged', Buffer.alloc(12 * 1024 * 1024, '1'), headers);
		await store('small', '{}', headers);
	});

	it.each(['file', 'text', 'json'])('Get as %s gives the tags that are asked for', async (as) => {
		const { outputs } = await get({ ...tagged, key: 'small', as });
		expect(outputs[0]?.[0]?.json).toMatchObject({ tags: { project: 'n8n', 'a b': 'c/d' } });
	});

	it('Get asks for tags only if they are wanted, and not if a condition is not met', async () => {
		const { outputs } = await get({ key: 'small', as: 'text' });
		expect(outputs[0]?.[0]?.json).not.toHaveProperty('tags');
		const ifNoneMatch = outputs[0]?.[0]?.json.etag;
		const unchanged = { ...tagged, key: 'small', options: { ...tagged.options, ifNoneMatch } };
		expect((await get(unchanged)).outputs[0]?.[0]?.json).toMatchObject({ outcome: 'notModified' });
		expect(asked()).toEqual(['GetObject', 'GetObject']);
	});

	it('Get fails if it may not read the tags, and names the permission', async () => {
		const effect = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
		server.faults.add({ operation: 'GetObjectTagging', effect });
		const { error } = await get(tagged);
		expect(error?.message).toContain('Could not get the tags of “tagged”');
		expect(error?.description).toContain('s3:GetObjectTagging');
	});
});

describe('get as a tool of an agent', () => {
	/** The node as n8n makes a tool of it: the name of its type tells them apart. */
	const tool = (): INodeType => {
		const node = new AmazonS3();
		return Object.assign(node, { description: { ...node.description, name: 'amazonS3Tool' } });
	};
	const toolRun = async (parameters: object) => {
		const { outputs, error } = await runNode({
			parameters: { resource: 'object', operation: 'get', ...parameters },
			credential,
			nodeType: tool(),
		});
		if (error !== undefined) throw error;
		return outputs[0]?.[0]?.json;
	};

	it('a tool gives text if nothing else is chosen, and no file', async () => {
		const json = await toolRun({ key: 'a/b.txt' });
		expect(json).toMatchObject({ key: 'a/b.txt', size: 5, text: 'hello', truncated: false });
	});

	it('a tool cuts long text and long JSON, and goes on with the range that it names', async () => {
		const text = JSON.stringify('ü'.repeat(15_000));
		await store('long.json', text);
		const first = await toolRun({ key: 'long.json', as: 'json' });
		expect(first).toMatchObject({ truncated: true, nextRange: 'bytes=19999-' });
		expect(first).not.toHaveProperty('data');
		const options = { range: first?.nextRange as string };
		const rest = await toolRun({ key: 'long.json', options });
		expect(rest).toMatchObject({ truncated: false });
		expect(`${first?.text as string}${rest?.text as string}`).toBe(text);
	});

	it('a tool parses JSON that is short enough', async () => {
		await store('short.json', '{"a":1}');
		expect(await toolRun({ key: 'short.json', as: 'json' })).toMatchObject({ data: { a: 1 } });
	});
});
