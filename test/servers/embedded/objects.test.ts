import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { withServer } from '../withServer';
import { md5, outcome, texts } from './client';
import type { Sent } from './client';
import { returnedHeaders } from './objectFields';

const server = withServer({ bucketsOfEachTest: ['b'] });

const send = (method: string, sent: Sent = {}, path = '/b/key') => server.send(method, path, sent);
const put = (body: string, headers: Record<string, string> = {}) => send('PUT', { body, headers });
const get = (headers: Record<string, string> = {}, query: Record<string, string> = {}) =>
	send('GET', { headers, query });

async function waitFor(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a range', () => {
	beforeEach(() => put('0123456789'));

	it.each([
		['bytes=0-0', '0', '0-0'],
		['bytes=3-5', '345', '3-5'],
		['bytes=7-', '789', '7-9'],
		['bytes=-3', '789', '7-9'],
		['bytes=-30', '0123456789', '0-9'],
		['bytes=5-100', '56789', '5-9'],
	])('the range %s is given', async (range, text, content) => {
		const reply = await get({ range });
		expect([reply.status, reply.text]).toEqual([206, text]);
		expect(reply.headers).toMatchObject({
			'content-range': `bytes ${content}/10`,
			'content-length': String(text.length),
		});
	});

	it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])(
		'the range %s cannot be satisfied',
		async (range) => {
			const reply = await get({ range });
			expect(outcome(reply)).toEqual([416, 'InvalidRange']);
			expect(texts(reply.text, 'ActualObjectSize')).toEqual(['10']);
		},
	);

	it.each(['bytes=a-b', 'lines=1-2', 'bytes=5-2', 'bytes=0-1,3-4'])(
		'the header %s is no range, and the whole object is given',
		async (range) => {
			const reply = await get({ range });
			expect([reply.status, reply.text]).toEqual([200, '0123456789']);
		},
	);

	it('a range of an empty object cannot be satisfied', async () => {
		await put('');
		expect((await get({ range: 'bytes=0-' })).status).toBe(416);
		expect((await get()).headers['content-length']).toBe('0');
	});

	it('a range cannot come with a part number', async () => {
		const reply = await get({ range: 'bytes=0-1' }, { partNumber: '1' });
		expect(outcome(reply)).toEqual([400, 'InvalidRequest']);
	});
});

describe('a condition', () => {
	const etag = `"${createHash('md5').update('x').digest('hex')}"`;
	const earlier = new Date(Date.now() - 60_000).toUTCString();
	const later = new Date(Date.now() + 60_000).toUTCString();

	it.each<[Record<string, string>, number]>([
		[{ 'if-match': etag }, 200],
		[{ 'if-match': '*' }, 200],
		[{ 'if-match': '"other"' }, 412],
		[{ 'if-none-match': etag }, 304],
		[{ 'if-none-match': '"other"' }, 200],
		[{ 'if-modified-since': earlier }, 200],
		[{ 'if-modified-since': later }, 304],
		[{ 'if-unmodified-since': earlier }, 412],
		[{ 'if-unmodified-since': later }, 200],
		[{ 'if-match': etag, 'if-unmodified-since': earlier }, 200],
		[{ 'if-none-match': '"other"', 'if-modified-since': later }, 200],
	])('the condition %j of a read gives %i', async (headers, status) => {
		await put('x');
		const reply = await get(headers);
		expect(reply.status).toBe(status);
		expect((await send('HEAD', { headers })).status).toBe(status);
		expect(reply.text === '').toBe(status === 304);
	});

	it.each<[string, Record<string, string>, (string | number | undefined)[]]>([
		['there', { 'if-none-match': '*' }, [412, 'PreconditionFailed']],
		['missing', { 'if-none-match': '*' }, [200, undefined]],
		['there', { 'if-match': etag }, [200, undefined]],
		['there', { 'if-match': '"other"' }, [412, 'PreconditionFailed']],
		['missing', { 'if-match': etag }, [404, 'NoSuchKey']],
		['there', { 'if-none-match': etag }, [501, 'NotImplemented']],
	])(
		'a condition of a write to a key that is %s, %j, is kept',
		async (place, headers, expected) => {
			if (place === 'there') await put('x');
			expect(outcome(await put('new', headers))).toEqual(expected);
			const { text } = await get();
			expect(text === 'new').toBe(expected[0] === 200);
		},
	);

	it('a condition of a write needs the permission to read for an ETag', async () => {
		const user = server.users.limited;
		user.allow = [{ actions: ['s3:PutObject'], resources: ['*'] }];
		await put('x');
		const replace = async () =>
			await send('PUT', { body: 'x', headers: { 'if-match': etag }, user });
		expect(outcome(await replace())).toEqual([403, 'AccessDenied']);
		user.allow.push({ actions: ['s3:GetObject'], resources: ['*'] });
		expect((await replace()).status).toBe(200);
	});

	it('a condition lets only one of many writers of a new key through', async () => {
		const writers = Array.from({ length: 10 }, (_, i) =>
			put(`w${String(i)}`, { 'if-none-match': '*' }),
		);
		const statuses = (await Promise.all(writers)).map(({ status }) => status);
		expect(statuses.sort()).toEqual([200, ...Array<number>(9).fill(412)]);
	});

	it('a condition is looked at again when the body has come', async () => {
		const { hostname, port, host } = new URL(server.endpoint);
		const { path } = await server.presign('PUT', '/b/key');
		const headers = { host, 'if-none-match': '*', 'content-length': '6' };
		const status = new Promise((resolve, reject) => {
			const slow = request({ hostname, port, path, method: 'PUT', headers }, (response) => {
				response.resume();
				resolve(response.statusCode);
			});
			slow.on('error', reject);
			slow.write('too');
			void waitFor(() => server.requests.at(-1)?.bytesReceived === 3)
				.then(() => put('quick'))
				.then(() => slow.end('lat'));
		});
		expect(await status).toBe(412);
		expect((await get()).text).toBe('quick');
	});
});

describe('what is stored with an object', () => {
	it('what is stored with an object comes back with it', async () => {
		const headers = {
			'content-type': 'text/csv; charset=utf-8',
			'cache-control': 'max-age=60',
			'content-disposition': 'attachment; filename="a.csv"',
			'content-language': 'de',
			'content-encoding': 'gzip',
			expires: 'Wed, 02 Jan 2030 03:04:05 GMT',
			'x-amz-meta-a-b': 'c  d',
			'x-amz-storage-class': 'STANDARD_IA',
			'x-amz-website-redirect-location': '/other',
		};
		await put('x', headers);
		expect((await send('HEAD')).headers).toMatchObject(headers);
	});

	it('an object has a type if none is given, and no storage class if it is the usual one', async () => {
		await put('x', { 'x-amz-storage-class': 'STANDARD' });
		const { headers } = await get();
		expect(headers['content-type']).toBe('binary/octet-stream');
		expect(headers['x-amz-storage-class']).toBeUndefined();
	});

	it('what is stored with an object comes back as S3 writes what is not ASCII', () => {
		// The example of S3's documentation: the bytes of UTF-8, taken for Latin-1.
		const value = Buffer.from('ÄMÄZÕÑ S3').toString('latin1');
		expect(returnedHeaders({ 'x-amz-meta-nonascii': value })).toEqual({
			'x-amz-meta-nonascii': '=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=',
		});
	});

	it.each<[Record<string, string>, string]>([
		[{ 'x-amz-meta-a': 'x'.repeat(2048) }, 'MetadataTooLarge'],
		[{ 'x-amz-storage-class': 'COLD' }, 'InvalidStorageClass'],
		[{ 'x-amz-acl': 'everyone' }, 'InvalidArgument'],
		[{ 'x-amz-server-side-encryption': 'ROT13' }, 'InvalidArgument'],
		[{ 'x-amz-server-side-encryption-aws-kms-key-id': 'k' }, 'InvalidArgument'],
		[{ 'x-amz-tagging': 'a=1&a=2' }, 'InvalidTag'],
		[{ 'x-amz-tagging': `${'k'.repeat(129)}=v` }, 'InvalidTag'],
		[{ 'x-amz-tagging': `k=${'v'.repeat(257)}` }, 'InvalidTag'],
		[{ 'x-amz-tagging': '0=&1=&2=&3=&4=&5=&6=&7=&8=&9=&10=' }, 'BadRequest'],
		[{ 'x-amz-object-lock-mode': 'GOVERNANCE' }, 'InvalidArgument'],
		[{ 'x-amz-object-lock-legal-hold': 'ON' }, 'InvalidRequest'],
	])('what is stored with an object is refused if it is %j', async (headers, code) => {
		expect(outcome(await put('x', headers))).toEqual([400, code]);
		expect((await get()).status).toBe(404);
	});

	it('an object is locked only if its bytes have a checksum', async () => {
		const headers = { 'x-amz-object-lock-legal-hold': 'ON', 'content-md5': md5('x') };
		expect((await put('x', headers)).status).toBe(200);
	});

	it('an object is for the owner that is expected', async () => {
		const owner = (id: string) => put('x', { 'x-amz-expected-bucket-owner': id });
		expect((await owner('111122223333')).status).toBe(200);
		expect(outcome(await owner('000000000000'))).toEqual([403, 'AccessDenied']);
	});

	it('the ETag of an object that is encrypted with a key of KMS is not its MD5', async () => {
		const headers = { 'x-amz-server-side-encryption': 'aws:kms' };
		const { headers: returned } = await put('x', headers);
		expect(returned.etag).toMatch(/^"[0-9a-f]{32}"$/);
		expect(returned.etag).not.toBe(`"${createHash('md5').update('x').digest('hex')}"`);
		expect(returned).toMatchObject(headers);
	});

	it('an object in an archive cannot be read', async () => {
		await put('x', { 'x-amz-storage-class': 'GLACIER' });
		expect((await send('HEAD')).status).toBe(200);
		expect(outcome(await get())).toEqual([403, 'InvalidObjectState']);
	});
});

describe('a customer’s key', () => {
	const keyOf = (byte: number) => {
		const key = Buffer.alloc(32, byte);
		return {
			'x-amz-server-side-encryption-customer-algorithm': 'AES256',
			'x-amz-server-side-encryption-customer-key': key.toString('base64'),
			'x-amz-server-side-encryption-customer-key-md5': md5(key),
		};
	};

	it('a customer’s key is needed to read what was written with it', async () => {
		expect((await put('secret', keyOf(1))).status).toBe(200);
		expect((await get(keyOf(1))).text).toBe('secret');
		expect(outcome(await get())).toEqual([400, 'InvalidRequest']);
		expect(outcome(await get(keyOf(2)))).toEqual([403, 'AccessDenied']);
		expect((await send('HEAD')).status).toBe(400);
	});

	it('a customer’s key is refused if nothing was written with it', async () => {
		await put('plain');
		expect(outcome(await get(keyOf(1)))).toEqual([400, 'InvalidRequest']);
	});

	it.each([
		{ 'x-amz-server-side-encryption-customer-algorithm': 'DES' },
		{ 'x-amz-server-side-encryption-customer-key': 'c2hvcnQ=' },
		{ 'x-amz-server-side-encryption-customer-key-md5': md5('x') },
	])('a customer’s key must be one: %j', async (wrong) => {
		expect((await put('x', { ...keyOf(1), ...wrong })).status).toBe(400);
	});
});

describe('what there is not', () => {
	it.each(['cors', 'policy', 'lifecycle', 'website', 'replication', 'restore'])(
		'%s is not taken for the object or bucket itself',
		async (name) => {
			await put('content');
			for (const path of ['/b', '/b/key']) {
				for (const method of ['GET', 'PUT', 'DELETE']) {
					const reply = await send(method, { query: { [name]: '' } }, path);
					expect(outcome(reply)).toEqual([501, 'NotImplemented']);
				}
			}
			expect((await get()).text).toBe('content');
		},
	);

	it.each([
		['PATCH', '/b/key'],
		['PUT', '/'],
	])('%s %s is no method of it', async (method, path) => {
		expect(outcome(await send(method, {}, path))).toEqual([405, 'MethodNotAllowed']);
	});
});
