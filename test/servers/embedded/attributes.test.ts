import { createHash } from 'node:crypto';
import { withServer } from '../withServer';
import { md5, outcome, texts } from './client';
import type { Sent } from './client';
import { checksum } from './checksums';

const PART = 5 * 1024 * 1024;
const ALL = 'ETag,Checksum,ObjectParts,StorageClass,ObjectSize';
const server = withServer({ bucketsOfEachTest: ['b'] });

const send = (method: string, sent: Sent = {}) => server.send(method, '/b/key', sent);
const put = (body: string, headers: Record<string, string> = {}) => send('PUT', { body, headers });
const attributes = (wanted = ALL, headers: Record<string, string> = {}, sent: Sent = {}) =>
	send('GET', {
		query: { attributes: '' },
		headers: { 'x-amz-object-attributes': wanted, ...headers },
		...sent,
	});
const sizes = [PART, PART + 1, 7];
const parts = sizes.map((size, index) => Buffer.alloc(size, index + 1));
const crc32 = (bytes: Buffer) => checksum('crc32', bytes);

/** Uploads three parts; with a type their CRC32s are kept. */
async function putParts(type?: 'COMPOSITE' | 'FULL_OBJECT'): Promise<void> {
	const kind: Record<string, string> =
		type === undefined ? {} : { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': type };
	const begun = await send('POST', { query: { uploads: '' }, headers: kind });
	const uploadId = texts(begun.text, 'UploadId')[0]!;
	const named: string[] = [];
	for (const [index, body] of parts.entries()) {
		const query = { uploadId, partNumber: String(index + 1) };
		const sum: Record<string, string> =
			type === undefined ? {} : { 'x-amz-checksum-crc32': crc32(body) };
		const { headers } = await send('PUT', { query, body, headers: sum });
		const checksumXml = type === undefined ? '' : `<ChecksumCRC32>${crc32(body)}</ChecksumCRC32>`;
		named.push(
			`<Part><PartNumber>${index + 1}</PartNumber><ETag>${headers.etag!}</ETag>${checksumXml}</Part>`,
		);
	}
	const body = `<CompleteMultipartUpload>${named.join('')}</CompleteMultipartUpload>`;
	expect((await send('POST', { query: { uploadId }, body })).status).toBe(200);
}

describe('GetObjectAttributes', () => {
	it('GetObjectAttributes gives what is asked for and no more, the ETag without quotes', async () => {
		await put('content', { 'x-amz-checksum-sha256': checksum('sha256', Buffer.from('content')) });
		const { status, headers, text } = await attributes();
		expect([status, texts(text, 'ETag'), texts(text, 'ObjectSize')]).toEqual([
			200,
			[createHash('md5').update('content').digest('hex')],
			['7'],
		]);
		expect(texts(text, 'StorageClass')).toEqual(['STANDARD']);
		expect(text).toContain(
			`<Checksum><ChecksumSHA256>${checksum('sha256', Buffer.from('content'))}</ChecksumSHA256><ChecksumType>FULL_OBJECT</ChecksumType></Checksum>`,
		);
		expect(text).not.toContain('<ObjectParts>');
		expect(Date.parse(String(headers['last-modified']))).not.toBeNaN();
		const [inside] = /<GetObjectAttributesResponse[^>]*>(.*)</s
			.exec((await attributes('ObjectSize')).text)!
			.slice(1);
		expect(inside).toBe('<ObjectSize>7</ObjectSize>');
	});

	it('GetObjectAttributes has no checksum of an object that came without one', async () => {
		await put('content');
		expect((await attributes()).text).not.toContain('Checksum');
	});

	it('GetObjectAttributes names the storage class', async () => {
		await put('x', { 'x-amz-storage-class': 'GLACIER' });
		expect(texts((await attributes()).text, 'StorageClass')).toEqual(['GLACIER']);
	});

	it.each<[string | undefined, string]>([
		[undefined, 'InvalidRequest'],
		['', 'InvalidRequest'],
		['ETag,Owner', 'InvalidArgument'],
		['etag', 'InvalidArgument'],
	])('GetObjectAttributes refuses to be asked for %j', async (wanted, code) => {
		await put('x');
		const headers: Record<string, string> =
			wanted === undefined ? {} : { 'x-amz-object-attributes': wanted };
		const reply = await send('GET', { query: { attributes: '' }, headers });
		expect(outcome(reply)).toEqual([400, code]);
	});

	it('GetObjectAttributes gives parts and their checksums page by page for a composite checksum', async () => {
		await putParts('COMPOSITE');
		const first = (await attributes(ALL, { 'x-amz-max-parts': '2' })).text;
		expect(texts(first, 'Size')).toEqual(sizes.slice(0, 2).map(String));
		expect(texts(first, 'PartNumber')).toEqual(['1', '2']);
		const digests = parts.map((part) => Buffer.from(crc32(part), 'base64'));
		expect(texts(first, 'ChecksumCRC32')).toEqual([
			crc32(Buffer.concat(digests)),
			...parts.slice(0, 2).map(crc32),
		]);
		const page = (text: string) =>
			['PartsCount', 'PartNumberMarker', 'NextPartNumberMarker', 'MaxParts', 'IsTruncated'].map(
				(name) => texts(text, name)[0],
			);
		expect(page(first)).toEqual(['3', '0', '2', '2', 'true']);
		const rest = await attributes(ALL, { 'x-amz-part-number-marker': '2' });
		expect(page(rest.text)).toEqual(['3', '2', '3', '1000', 'false']);
		expect(texts(rest.text, 'Size')).toEqual(['7']);
	});

	it.each([undefined, 'FULL_OBJECT'] as const)(
		'GetObjectAttributes gives only the number of parts without a composite checksum: %s',
		async (type) => {
			await putParts(type);
			const { text } = await attributes();
			expect(text).toContain('<ObjectParts><PartsCount>3</PartsCount></ObjectParts>');
			expect(text).not.toContain('<Part>');
		},
	);

	it.each([
		['x-amz-max-parts', '-1'],
		['x-amz-part-number-marker', 'x'],
	])('GetObjectAttributes refuses %s: %s', async (name, value) => {
		await putParts('COMPOSITE');
		expect(outcome(await attributes(ALL, { [name]: value }))).toEqual([400, 'InvalidArgument']);
	});

	it('GetObjectAttributes is of a version, and not of a delete marker', async () => {
		server.store.bucket('b').versioning = 'Enabled';
		const versionId = String((await put('first')).headers['x-amz-version-id']);
		await put('second one');
		const ofVersion = await attributes(ALL, {}, { query: { attributes: '', versionId } });
		expect(texts(ofVersion.text, 'ObjectSize')).toEqual(['5']);
		expect(ofVersion.headers['x-amz-version-id']).toBe(versionId);
		await send('DELETE');
		const hidden = await attributes();
		expect(outcome(hidden)).toEqual([404, 'NoSuchKey']);
		expect(hidden.headers['x-amz-delete-marker']).toBe('true');
	});

	it.each<[Record<string, string>, string[]]>([
		[{}, ['s3:GetObject', 's3:GetObjectAttributes']],
		[{ versionId: 'null' }, ['s3:GetObjectVersion', 's3:GetObjectVersionAttributes']],
	])('GetObjectAttributes needs both permissions, %j', async (query, actions) => {
		await put('x');
		const user = server.users.limited;
		const ask = () => attributes(ALL, {}, { query: { attributes: '', ...query }, user });
		for (const action of actions) {
			user.allow = [{ actions: [action], resources: ['*'] }];
			expect(outcome(await ask())).toEqual([403, 'AccessDenied']);
		}
		user.allow = [{ actions, resources: ['*'] }];
		expect((await ask()).status).toBe(200);
	});

	it('GetObjectAttributes needs the customer’s key', async () => {
		const key = Buffer.alloc(32, 1);
		const headers = {
			'x-amz-server-side-encryption-customer-algorithm': 'AES256',
			'x-amz-server-side-encryption-customer-key': key.toString('base64'),
			'x-amz-server-side-encryption-customer-key-md5': md5(key),
		};
		await put('x', headers);
		expect(outcome(await attributes())).toEqual([400, 'InvalidRequest']);
		expect((await attributes(ALL, headers)).status).toBe(200);
	});
});

describe('HeadObject of a part', () => {
	const head = (partNumber: string) =>
		send('HEAD', { query: { partNumber }, headers: { 'x-amz-checksum-mode': 'ENABLED' } });

	it.each([
		['COMPOSITE', true],
		['FULL_OBJECT', false],
		[undefined, false],
	] as const)(
		'HeadObject of a part says its size, with its checksum under a composite one: %s',
		async (type, kept) => {
			await putParts(type);
			const { status, headers } = await head('2');
			expect(status).toBe(206);
			expect(headers).toMatchObject({
				'content-length': String(PART + 1),
				'content-range': `bytes ${PART}-${2 * PART}/${2 * PART + 8}`,
				'x-amz-mp-parts-count': '3',
			});
			expect(headers['x-amz-checksum-crc32']).toBe(kept ? crc32(parts[1]!) : undefined);
			expect(headers['x-amz-checksum-type']).toBe(kept ? 'COMPOSITE' : undefined);
		},
	);

	it('HeadObject of the first part is of the whole object, and counts no parts, if the object did not come in parts', async () => {
		const sum = checksum('crc32', Buffer.from('whole'));
		await put('whole', { 'x-amz-checksum-crc32': sum });
		const { status, headers } = await head('1');
		expect([status, headers['content-range'], headers['x-amz-mp-parts-count']]).toEqual([
			206,
			'bytes 0-4/5',
			undefined,
		]);
		expect(headers['x-amz-checksum-crc32']).toBe(sum);
	});

	it('HeadObject of a part is no range of an empty object', async () => {
		await put('');
		const { status, headers } = await head('1');
		expect([status, headers['content-range']]).toEqual([200, undefined]);
	});

	it('HeadObject refuses a part that is not there', async () => {
		await putParts();
		expect((await head('4')).status).toBe(416);
		const reply = await send('GET', { query: { partNumber: '4' } });
		expect(outcome(reply)).toEqual([416, 'InvalidPartNumber']);
	});

	it.each(['0', '10001', 'x', '1.5', ''])(
		'HeadObject refuses the part number %j',
		async (partNumber) => {
			await put('x');
			const reply = await send('GET', { query: { partNumber } });
			expect(outcome(reply)).toEqual([400, 'InvalidArgument']);
		},
	);
});
