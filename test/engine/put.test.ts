import { posix } from 'node:path';

import { withServer } from '../servers/withServer';
import { send } from './bucket';
import { contentOf, runNode, storedFile } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket] });
const { credential } = server;
withBinaryStore();

const put = (parameters: object, items = [{ json: {} }]) =>
	runNode({
		items,
		parameters: { resource: 'object', operation: 'put', bucket, ...parameters },
		credential,
	});

const head = async (key: string) =>
	(await send(credential, 'HEAD', `/${bucket}/${encodeURIComponent(key)}`)).headers;

describe('put', () => {
	it('Put uploads the file of the item with its type, and keeps the file in the output', async () => {
		const content = Buffer.from('%PDF');
		const data = await storedFile(content, { fileName: 'a.pdf', mimeType: 'application/pdf' });
		const { outputs, error } = await put({ key: 'a.pdf' }, [
			{ json: { n: 1 }, binary: { data } },
		] as never);
		expect(error).toBeUndefined();
		expect(outputs).toEqual([
			[
				{
					json: {
						bucket,
						key: 'a.pdf',
						size: 4,
						etag: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
						contentType: 'application/pdf',
						parts: 1,
					},
					binary: { data },
					pairedItem: { item: 0 },
				},
			],
		]);
		expect(await contentOf(outputs[0]?.[0]?.binary?.data)).toEqual(content);
		expect((await head('a.pdf')).get('content-type')).toBe('application/pdf');
	});

	it.each([
		['photo.png', '', 'image/png'],
		['table.csv', '', 'text/csv'],
		['unknown', '', 'application/octet-stream'],
		['photo.png', 'text/plain', 'text/plain'],
	])('Put stores a file under the key %s with the type %j as %s', async (key, mimeType, type) => {
		const binary = { data: { data: 'eA==', mimeType } };
		await put({ key }, [{ json: {}, binary }] as never);
		expect((await head(key)).get('content-type')).toBe(type);
	});

	it('Put uploads text as UTF-8', async () => {
		await put({ key: 'text', source: 'text', text: 'grüße 🙂' });
		const answer = await send(credential, 'GET', `/${bucket}/text`);
		expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
		expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from('grüße 🙂'));
	});

	it('Put of text keeps the files of the item in the output', async () => {
		const binary = { data: await storedFile(Buffer.from('other'), { fileName: 'other.txt' }) };
		const { outputs } = await put({ key: 'text', source: 'text', text: 'x' }, [
			{ json: {}, binary },
		] as never);
		expect(outputs[0]?.[0]?.binary).toEqual(binary);
	});

	it('Put says above its output where the object is, and what is unusual about its key', async () => {
		const { hints } = await put({ key: '/slash', source: 'text', text: 'x' });
		expect(hints.map(({ message }) => message)).toEqual([
			`1 object put into bucket “${bucket}”.`,
			expect.stringContaining('The key “/slash” begins with a slash'),
		]);
	});

	it('Put has an MD5 verified, which the server does not keep', async () => {
		const parameters = { key: 'md5', source: 'text', text: 'a', options: { checksum: 'MD5' } };
		const { outputs, error } = await put(parameters);
		expect(error).toBeUndefined();
		expect(outputs[0]?.[0]?.json).toMatchObject({ key: 'md5', size: 1 });
		expect(outputs[0]?.[0]?.json).not.toHaveProperty('checksum');
	});

	it('Put uploads the object that an expression results in as JSON', async () => {
		const items = [{ json: { order: { id: 7 } } }];
		await put({ key: 'order', source: 'text', text: '={{ $json.order }}' }, items);
		const answer = await send(credential, 'GET', `/${bucket}/order`);
		expect(answer.headers.get('content-type')).toBe('application/json');
		expect(await answer.json()).toEqual({ id: 7 });
	});

	it('Put uploads the date that an expression results in as text, without the quotation marks of JSON', async () => {
		const text = '={{ DateTime.fromISO("2026-01-31T08:00:00Z", { zone: "utc" }) }}';
		await put({ key: 'date', source: 'text', text });
		const answer = await send(credential, 'GET', `/${bucket}/date`);
		expect(await answer.text()).toBe('2026-01-31T08:00:00.000Z');
	});

	it.each([
		['text', { source: 'text', text: '' }, async () => await Promise.resolve({})],
		['file', {}, async () => ({ data: await storedFile(Buffer.alloc(0)) })],
	])('Put uploads an empty %s', async (what, parameters, binary) => {
		const items = [{ json: {}, binary: await binary() }];
		const { outputs } = await put({ key: `empty ${what}`, ...parameters }, items);
		expect(outputs[0]?.[0]?.json).toMatchObject({ size: 0, parts: 1 });
		expect((await head(`empty ${what}`)).get('content-length')).toBe('0');
	});

	it('Put takes the file from another field, also by an expression that gives the file itself', async () => {
		const file = await storedFile(Buffer.from('x'));
		const items = [{ json: {}, binary: { photo: file } }];
		const byName = await put({ key: 'name', binaryProperty: 'photo' }, items);
		const itself = await put({ key: 'itself', binaryProperty: '={{ $binary.photo }}' }, items);
		for (const { outputs } of [byName, itself]) {
			expect(outputs[0]?.[0]?.json).toMatchObject({ size: 1 });
		}
	});

	it('Put uploads several files of an item, each with a key by a pattern and an item of its own', async () => {
		const binary = {
			a: await storedFile(Buffer.from('1'), { fileName: 'in/one.txt', mimeType: 'text/plain' }),
			b: await storedFile(Buffer.from('22'), { fileName: 'two.bin' }),
			c: await storedFile(Buffer.from('333'), { fileName: 'three' }),
		};
		const items = [{ json: {} }, { json: { to: 'x' }, binary }] as never[];
		const parameters = { key: '={{ $json.to }}/{index}-{fileName}', binaryProperty: 'a, b' };
		const { outputs, error } = await put(parameters, items.slice(1));
		expect(error).toBeUndefined();
		expect(outputs[0]).toMatchObject([
			{ json: { key: 'x/0-one.txt', size: 1, contentType: 'text/plain' }, pairedItem: { item: 0 } },
			{ json: { key: 'x/1-two.bin', size: 2 }, pairedItem: { item: 0 } },
		]);
		expect(outputs[0]?.map((item) => item.binary)).toEqual([{ a: binary.a }, { b: binary.b }]);
		const names = '={{ Object.keys($binary) }}';
		const all = await put({ key: '{property}', binaryProperty: names }, items.slice(1));
		expect(all.outputs[0]?.map(({ json }) => json.key)).toEqual(['a', 'b', 'c']);
		const itself = await put(
			{ key: 'y/{fileName}', binaryProperty: '={{ Object.values($binary) }}' },
			items.slice(1),
		);
		expect(itself.outputs[0]?.map(({ json }) => json.key)).toEqual([
			'y/one.txt',
			'y/two.bin',
			'y/three',
		]);
	});

	it('Put of all files of each item leaves out an item without any, such as an email without attachments, and says so', async () => {
		const a = await storedFile(Buffer.from('1'), { fileName: 'one.txt' });
		const parameters = { key: 'mail/{fileName}', binaryProperty: '={{ Object.keys($binary) }}' };
		const items = [{ json: {} }, { json: {}, binary: { a } }, { json: {} }] as never[];
		const { outputs, error, hints } = await put(parameters, items);
		expect(error).toBeUndefined();
		expect(outputs[0]).toMatchObject([{ json: { key: 'mail/one.txt' }, pairedItem: { item: 1 } }]);
		expect(hints.map(({ message }) => message)).toContain(
			'For items without files nothing was put: their list of fields is empty.',
		);
	});

	it.each([
		['={{ $json.key }}-{index}', 'x{index}{fileName}-0'],
		['=in/{{ $json.key }}/{fileName}', 'in/x{index}{fileName}/a.txt'],
		['={{ $json.key + "/{index}" }}', 'x{index}{fileName}/0'],
		['={{ $json.key }}', 'x{index}{fileName}'],
	])('Put takes what data have of a placeholder as it is: %s', async (key, stored) => {
		const data = await storedFile(Buffer.from('x'), { fileName: 'a.txt' });
		const item = { json: { key: 'x{index}{fileName}' }, binary: { data } };
		const { outputs, error } = await put({ key }, [item] as never);
		expect(error).toBeUndefined();
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual([stored]);
	});

	it('Put takes the name of the file if no key is given', async () => {
		const data = await storedFile(Buffer.from('x'), { fileName: 'folder\\name.txt' });
		const { outputs } = await put({ key: '' }, [{ json: {}, binary: { data } }] as never);
		expect(outputs[0]?.[0]).toMatchObject({ json: { key: 'name.txt' }, binary: { data } });
	});

	it('Put refuses two files with one key before it uploads any', async () => {
		const file = async (fileName: string) => await storedFile(Buffer.from('x'), { fileName });
		const binary = { a: await file('u1'), b: await file('same'), c: await file('d/same') };
		const { error } = await put({ key: '', binaryProperty: 'a,b,c' }, [
			{ json: {}, binary },
		] as never);
		expect(error?.message).toBe('Two files of the item would have the key “same”');
		expect(server.requests).toEqual([]);
	});

	describe('of files with folders', () => {
		/** As n8n has a file of an archive: it takes the path apart by its slashes. */
		const unpackedFile = async (path: string) => {
			const { dir, base } = posix.parse(path);
			const file = await storedFile(Buffer.from(path), { fileName: base });
			return dir === '' ? file : { ...file, directory: dir };
		};
		const zip = async (...paths: string[]) => {
			const files = paths.map(async (path, index) => [`file_${index}`, await unpackedFile(path)]);
			return { json: {}, binary: Object.fromEntries(await Promise.all(files)) as object };
		};
		const putAll = async (key: string, item: object) =>
			await put({ key, binaryProperty: '={{ Object.keys($binary) }}' }, [item] as never);

		it('Put keeps the folders of files with {filePath}, so that files of the same name have different keys', async () => {
			const item = await zip('a/x.txt', 'b/c/x.txt', 'b\\x.txt', 'x.txt', '/./d//x.txt');
			const { outputs, error } = await putAll('in/{filePath}', item);
			expect(error).toBeUndefined();
			const keys = ['in/a/x.txt', 'in/b/c/x.txt', 'in/b/x.txt', 'in/x.txt', 'in/d/x.txt'];
			expect(outputs[0]?.map(({ json }) => json.key)).toEqual(keys);
			const stored = await send(credential, 'GET', `/${bucket}/in/b/c/x.txt`);
			expect(await stored.text()).toBe('b/c/x.txt');
		});

		it('Put refuses a file whose path has .. in it for {filePath} before it uploads any', async () => {
			const { error } = await putAll('{filePath}', await zip('a/x.txt', 'a/../../x.txt'));
			expect(error?.message).toContain('The file “a/../../x.txt” has .. in its path');
			expect(server.requests).toEqual([]);
		});

		it.each([
			[['a/x.txt', 'b/x.txt'], '{filePath}, {index}-{fileName}'],
			[['x.txt', 'x.txt', 'b/y.txt'], 'such as {index}-{fileName}'],
		])('Put says of %j with one key which words let the keys differ', async (paths, words) => {
			const { error } = await putAll('', await zip(...paths));
			expect(error?.message).toBe('Two files of the item would have the key “x.txt”');
			expect(error?.description).toContain(words);
			expect(server.requests).toEqual([]);
		});
	});

	it('Put says which files of an item are stored when another fails', async () => {
		const file = async (fileName: string) => await storedFile(Buffer.from('x'), { fileName });
		const binary = { a: await file('stored'), b: await file('x'.repeat(1025)) };
		const items = [{ json: {}, binary }] as never;
		const { error } = await put({ key: '', binaryProperty: 'a,b' }, items);
		expect(error?.description).toContain('Of the files of the item, “stored” was stored.');
	});

	it('Put says which files of an item are stored when n8n has lost another', async () => {
		const lost = 'filesystem-v2:workflows/workflow/executions/before/binary_data/none';
		const binary = {
			one: { data: 'eA==', mimeType: 'text/plain' },
			two: { data: '', mimeType: 'text/plain', id: lost },
		};
		const given = { key: 'lost/{property}', binaryProperty: 'one,two' };
		const { error } = await put(given, [{ json: {}, binary }] as never);
		expect(error?.message).toContain('n8n cannot read the file');
		expect(error?.description).toContain('Of the files of the item, “lost/one” was stored.');
	});

	it('files of several items with one key are put in the order of the items', async () => {
		const binary = async (size: number) => ({
			data: await storedFile(Buffer.alloc(size), { fileName: 'order' }),
		});
		const items = [
			{ json: {}, binary: await binary(20 * 1024 * 1024) },
			{ json: {}, binary: await binary(1) },
		];
		const { outputs, hints } = await put({ key: '' }, items);
		expect(outputs[0]).toHaveLength(2);
		expect((await head('order')).get('content-length')).toBe('1');
		expect(JSON.stringify(hints)).toContain('the same bucket and key as an earlier item');
	});

	it('Put uploads in parts above the threshold', async () => {
		const data = await storedFile(Buffer.alloc(6 * 1024 * 1024 + 1, 'x'));
		const options = { multipartThresholdMb: 5, partSizeMb: 5 };
		const { outputs } = await put({ key: 'large', options }, [
			{ json: {}, binary: { data } },
		] as never);
		expect(outputs[0]?.[0]?.json).toMatchObject({
			size: 6 * 1024 * 1024 + 1,
			parts: 2,
			etag: expect.stringMatching(/-2$/) as string,
		});
	});

	it('Put stores everything that the options say', async () => {
		await put({
			key: 'options',
			source: 'text',
			text: 'x',
			options: {
				contentType: 'text/csv',
				contentDisposition: 'attachment; filename="a.csv"',
				contentEncoding: 'identity',
				contentLanguage: 'de',
				cacheControl: 'max-age=60',
				expires: '2030-01-01T00:00:00Z',
				metadata: { entry: [{ name: 'Invoice', value: '=x{{ 1 + 1 }}' }] },
			},
		});
		const headers = await head('options');
		expect(Object.fromEntries(headers)).toMatchObject({
			'content-type': 'text/csv',
			'content-disposition': 'attachment; filename="a.csv"',
			'content-language': 'de',
			'cache-control': 'max-age=60',
			'x-amz-meta-invoice': 'x2',
		});
		expect(new Date(headers.get('expires') ?? '')).toEqual(new Date('2030-01-01T00:00:00Z'));
	});

	it('Put stores ten tags and refuses eleven before it sends anything', async () => {
		const tags = (count: number) => ({
			tag: Array.from({ length: count }, (_, n) => ({ name: `t ${n}=`, value: `v+${n}` })),
		});
		const text = { source: 'text', text: 'x' };
		await put({ key: 'tags', ...text, options: { tags: tags(10) } });
		const tagging = await (await send(credential, 'GET', `/${bucket}/tags?tagging`)).text();
		expect(tagging.match(/<Tag>/g)).toHaveLength(10);
		expect(tagging).toMatch(/<Key>t 9=<\/Key><Value>v\+9<\/Value>/);
		const { error } = await put({ key: 'eleven', ...text, options: { tags: tags(11) } });
		expect(error?.message).toBe('An object can have at most 10 tags, not 11');
		await expect(head('eleven')).rejects.toThrow('404');
	});

	it('Put does not overwrite with Never, and only the known version with If ETag Matches', async () => {
		const text = { key: 'once', source: 'text' };
		const first = await put({ ...text, text: '1', options: { overwrite: 'never' } });
		const etag = first.outputs[0]?.[0]?.json.etag;
		const second = await put({ ...text, text: '2', options: { overwrite: 'never' } });
		expect(second.error?.message).toContain('once');
		expect(second.error).toMatchObject({ name: 'NodeApiError', httpCode: '412' });
		const third = await put({ ...text, text: '3', options: { overwrite: 'ifMatch', etag } });
		expect(third.error).toBeUndefined();
		const fourth = await put({ ...text, text: '4', options: { overwrite: 'ifMatch', etag } });
		expect(fourth.error).toMatchObject({ httpCode: '412' });
		expect(await (await send(credential, 'GET', `/${bucket}/once`)).text()).toBe('3');
	});

	it('a hint says once that a server does not confirm the encryption that Put asks for', async () => {
		const text = { key: 'plain', source: 'text', text: 'x', options: { encryption: 'kms' } };
		expect(JSON.stringify((await put(text)).hints)).not.toContain('encrypted');
		const effect = { kind: 'answer', status: 200, headers: { etag: '"e"' }, body: '' } as const;
		server.faults.add({ operation: 'PutObject', effect, times: 2 });
		const key = '={{ $json.key }}';
		const { outputs, hints } = await put({ ...text, key }, [
			{ json: { key: 'a' } },
			{ json: { key: 'b' } },
		]);
		expect(outputs[0]?.[0]?.json).not.toHaveProperty('encryption');
		expect(hints.filter(({ message }) => message.includes('does not say'))).toHaveLength(1);
	});

	it('Put fails if a server ignores the key of the customer', async () => {
		const effect = { kind: 'answer', status: 200, headers: { etag: '"e"' }, body: '' } as const;
		server.faults.add({ operation: 'PutObject', effect });
		const encryptionCustomerKey = Buffer.alloc(32, 1).toString('base64');
		const options = { encryption: 'customer', encryptionCustomerKey };
		const { error } = await put({ key: 'open', source: 'text', text: 'x', options });
		expect(error?.message).toBe(
			`Could not put “open” in bucket “${bucket}”: the server does not say that it has encrypted it with the customer key`,
		);
		expect(error?.description).toContain('What was sent in one request is stored all the same');
	});

	it.each([
		[{ overwrite: 'ifMatch' }, 'No ETag is given for “k” in bucket'],
		[{ encryption: 'customer' }, 'Encryption is set to Customer Key (SSE-C), but no key is given'],
		[
			{ encryption: 'customer', encryptionCustomerKey: 'c2hvcnQ=' },
			'is not the base64 of 32 bytes',
		],
		[{ objectLockMode: 'GOVERNANCE' }, 'Object Lock needs a mode and a date'],
		[{ partSizeMb: 0 }, 'Part Size (MiB) must be a number from 0.001 to 5,120, but is "0"'],
		[{ checksum: 'MD4' }, 'Checksum is unknown: "MD4"'],
		[{ concurrency: 0 }, 'Concurrency must be a whole number from 1 to 100, but is "0"'],
	])('Put with the options %p says what is wrong', async (options, message) => {
		const { error } = await put({ key: 'k', source: 'text', text: 'x', options });
		expect(error?.message).toContain(message);
		expect(error?.description).toEqual(expect.any(String));
		expect(error).toMatchObject({ name: 'NodeOperationError' });
	});

	it('Put with an ACL that S3 does not have says which there are', async () => {
		const { error } = await put({
			key: 'k',
			source: 'text',
			text: 'x',
			options: { acl: 'public' },
		});
		expect(error?.message).toBe(
			`Could not put “k” in bucket “${bucket}”: InvalidArgument (x-amz-acl)`,
		);
		expect(error?.description).toMatch(/^Choose one of private, public-read, .* for ACL\./);
	});
});
