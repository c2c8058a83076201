import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { clientOf, texts } from './client';
import type { Reply, Sent } from './client';
import { startEmbedded } from './index';
import type { EmbeddedServer } from './index';
import { returnedHeaders } from './objectFields';

let server: EmbeddedServer;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
	server = await startEmbedded();
	client = clientOf(server);
});
afterAll(async () => {
	client.close();
	await server.stop();
});
beforeEach(() => void server.store.makeBucket('b'));

const md5 = (data: string | Buffer) => createHash('md5').update(data).digest('base64');
const send = (method: string, sent: Sent = {}, path = '/b/key') => client.send(method, path, sent);
const put = (body: string, headers: Record<string, string> = {}) => send('PUT', { body, headers });
const get = (headers: Record<string, string> = {}, query: Record<string, string> = {}) =>
	send('GET', { headers, query });
const outcome = ({ status, code }: Reply) => [status, code];

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
	])('%s is given', async (range, text, content) => {
		const reply = await get({ range });
		expect([reply.status, reply.text]).toEqual([206, text]);
		expect(reply.headers).toMatchObject({
			'content-range': `bytes ${content}/10`,
			'content-length': String(text.length),
		});
	});

	it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('%s cannot be satisfied', async (range) => {
		const reply = await get({ range });
		expect(outcome(reply)).toEqual([416, 'InvalidRange']);
		expect(texts(reply.text, 'ActualObjectSize')).toEqual(['10']);
	});

	it.each(['bytes=a-b', 'lines=1-2', 'bytes=5-2', 'bytes=0-1,3-4'])(
		'%s is none, and the whole object is given',
		async (range) => {
			const reply = await get({ range });
			expect([reply.status, reply.text]).toEqual([200, '0123456789']);
		},
	);

	it('of an empty object cannot be satisfied', async () => {
		await put('');
		expect((await get({ range: 'bytes=0-' })).status).toBe(416);
		expect((await get()).headers['content-length']).toBe('0');
	});

	it('cannot come with a part number', async () => {
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
	])('of a read, %j, gives %i', async (headers, status) => {
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
	])('of a write to a key that is %s, %j, is kept', async (place, headers, expected) => {
		if (place === 'there') await put('x');
		expect(outcome(await put('new', headers))).toEqual(expected);
		const { text } = await get();
		expect(text === 'new').toBe(expected[0] === 200);
	});

	it('lets only one of many writers of a new key through', async () => {
		const writers = Array.from({ length: 10 }, (_, i) =>
			put(`w${String(i)}`, { 'if-none-match': '*' }),
		);
		const statuses = (await Promise.all(writers)).map(({ status }) => status);
		expect(statuses.sort()).toEqual([200, ...Array<number>(9).fill(412)]);
	});

	it('is looked at again when the body has come', async () => {
		const { hostname, port, host } = new URL(server.endpoint);
		const { path } = await client.presign('PUT', '/b/key');
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

	it('of a delete is kept', async () => {
		await put('x');
		const refused = await send('DELETE', { headers: { 'if-match': '"other"' } });
		expect(refused.status).toBe(412);
		expect((await send('DELETE', { headers: { 'if-match': etag } })).status).toBe(204);
	});
});

describe('what is stored with an object', () => {
	it('comes back with it', async () => {
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

	it('has a type if none is given, and no class if it is nothing special', async () => {
		await put('x', { 'x-amz-storage-class': 'STANDARD' });
		const { headers } = await get();
		expect(headers['content-type']).toBe('binary/octet-stream');
		expect(headers['x-amz-storage-class']).toBeUndefined();
	});

	it('comes back as S3 writes what is not ASCII', () => {
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
	])('is refused if it is %j', async (headers, code) => {
		expect(outcome(await put('x', headers))).toEqual([400, code]);
		expect((await get()).status).toBe(404);
	});

	it('is locked only with bytes that are vouched for', async () => {
		const headers = { 'x-amz-object-lock-legal-hold': 'ON', 'content-md5': md5('x') };
		expect((await put('x', headers)).status).toBe(200);
	});

	it('is for the owner that is expected', async () => {
		const owner = (id: string) => put('x', { 'x-amz-expected-bucket-owner': id });
		expect((await owner('111122223333')).status).toBe(200);
		expect(outcome(await owner('000000000000'))).toEqual([403, 'AccessDenied']);
	});

	it('has no MD5 for an ETag if it is encrypted with a key of KMS', async () => {
		const headers = { 'x-amz-server-side-encryption': 'aws:kms' };
		const { headers: returned } = await put('x', headers);
		expect(returned.etag).toMatch(/^"[0-9a-f]{32}"$/);
		expect(returned.etag).not.toBe(`"${createHash('md5').update('x').digest('hex')}"`);
		expect(returned).toMatchObject(headers);
	});

	it('cannot be read from an archive', async () => {
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

	it('is needed to read what was written with it', async () => {
		expect((await put('secret', keyOf(1))).status).toBe(200);
		expect((await get(keyOf(1))).text).toBe('secret');
		expect(outcome(await get())).toEqual([400, 'InvalidRequest']);
		expect(outcome(await get(keyOf(2)))).toEqual([403, 'AccessDenied']);
		expect((await send('HEAD')).status).toBe(400);
	});

	it('is refused where nothing was written with it', async () => {
		await put('plain');
		expect(outcome(await get(keyOf(1)))).toEqual([400, 'InvalidRequest']);
	});

	it.each([
		{ 'x-amz-server-side-encryption-customer-algorithm': 'DES' },
		{ 'x-amz-server-side-encryption-customer-key': 'c2hvcnQ=' },
		{ 'x-amz-server-side-encryption-customer-key-md5': md5('x') },
	])('must be one: %j', async (wrong) => {
		expect((await put('x', { ...keyOf(1), ...wrong })).status).toBe(400);
	});
});

describe('tags', () => {
	const tagging = (method: string, body = '') => send(method, { query: { tagging: '' }, body });
	const xml = (...tags: [string, string][]) =>
		`<Tagging><TagSet>${tags.map(([name, value]) => `<Tag><Key>${name}</Key><Value>${value}</Value></Tag>`).join('')}</TagSet></Tagging>`;

	it('come with the object or later, and are counted', async () => {
		await put('x', { 'x-amz-tagging': 'a%20b=c+d&e=%C3%A9' });
		expect((await get()).headers['x-amz-tagging-count']).toBe('2');
		const { text } = await tagging('GET');
		expect([texts(text, 'Key'), texts(text, 'Value')]).toEqual([
			['a b', 'e'],
			['c d', 'é'],
		]);
		expect((await tagging('PUT', xml(['new', '&lt;1&gt;']))).status).toBe(200);
		expect((await tagging('GET')).text).toContain('<Value>&#60;1&#62;</Value>');
		expect((await tagging('DELETE')).status).toBe(204);
		expect((await get()).headers['x-amz-tagging-count']).toBeUndefined();
	});

	it.each([
		[xml(['a', '1'], ['a', '2']), 'InvalidTag'],
		['<Tagging></Tagging>', 'MalformedXML'],
		['<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>', 'MalformedXML'],
		['<Tagging><TagSet><Tag><Key>&nope;</Key></Tag></TagSet></Tagging>', 'MalformedXML'],
	])('are refused if they are %s', async (body, code) => {
		await put('x');
		expect(outcome(await tagging('PUT', body))).toEqual([400, code]);
	});
});

describe('a copy', () => {
	const copy = (headers: Record<string, string> = {}, source = '/b/key', path = '/b/copy') =>
		send('PUT', { headers: { 'x-amz-copy-source': source, ...headers } }, path);
	const head = async () => (await send('HEAD', {}, '/b/copy')).headers;
	const original = {
		'content-type': 'text/a',
		'x-amz-meta-a': '1',
		'x-amz-tagging': 'a=1',
		'x-amz-storage-class': 'STANDARD_IA',
	};

	it('has the bytes and what belongs to them, in the class that is asked for', async () => {
		await put('content', original);
		const reply = await copy();
		expect(texts(reply.text, 'ETag')).toEqual([
			`"${createHash('md5').update('content').digest('hex')}"`,
		]);
		const headers = await head();
		expect(headers).toMatchObject({
			'content-type': 'text/a',
			'x-amz-meta-a': '1',
			'x-amz-tagging-count': '1',
		});
		expect(headers['x-amz-storage-class']).toBeUndefined();
	});

	it('has new metadata and tags where they are replaced', async () => {
		await put('content', original);
		await copy({
			'x-amz-metadata-directive': 'REPLACE',
			'x-amz-tagging-directive': 'REPLACE',
			'content-type': 'text/b',
		});
		const headers = await head();
		expect(headers['content-type']).toBe('text/b');
		expect(headers['x-amz-meta-a']).toBeUndefined();
		expect(headers['x-amz-tagging-count']).toBeUndefined();
	});

	it.each(['/b/a%20b%2Bc%2Fd', 'b/a%20b%2Bc/d', 'b/a+b%2Bc/d'])(
		'is of the key in %s',
		async (source) => {
			await send('PUT', { body: 'odd' }, '/b/a%20b%2Bc/d');
			expect((await copy({}, source)).status).toBe(200);
			expect((await send('GET', {}, '/b/copy')).text).toBe('odd');
		},
	);

	it('of an object in parts is in one piece', async () => {
		const begun = await send('POST', { query: { uploads: '' } });
		const uploadId = texts(begun.text, 'UploadId')[0]!;
		const { headers } = await send('PUT', {
			body: 'in parts',
			query: { uploadId, partNumber: '1' },
		});
		const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${headers.etag!}</ETag></Part></CompleteMultipartUpload>`;
		await send('POST', { query: { uploadId }, body });
		expect((await send('HEAD')).headers.etag).toMatch(/-1"$/);
		await copy();
		expect((await head()).etag).toBe(`"${createHash('md5').update('in parts').digest('hex')}"`);
	});

	it.each<[string, Record<string, string>, string, (string | number)[]]>([
		['a missing key', {}, '/b/none', [404, 'NoSuchKey']],
		['a missing bucket', {}, '/none/key', [404, 'NoSuchBucket']],
		['no key', {}, '/b', [400, 'InvalidArgument']],
		['another ETag', { 'x-amz-copy-source-if-match': 'x' }, '/b/key', [412, 'PreconditionFailed']],
		['a missing version', {}, '/b/key?versionId=none', [404, 'NoSuchVersion']],
	])('of %s is refused', async (_, headers, source, expected) => {
		await put('content');
		expect(outcome(await copy(headers, source))).toEqual(expected);
	});

	it('onto itself must change something', async () => {
		await put('content');
		expect(outcome(await copy({}, '/b/key', '/b/key'))).toEqual([400, 'InvalidRequest']);
		const changed = { 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-a': '2' };
		expect((await copy(changed, '/b/key', '/b/key')).status).toBe(200);
		expect((await send('HEAD')).headers['x-amz-meta-a']).toBe('2');
	});
});

describe('DeleteObjects', () => {
	const remove = (body: string, headers: Record<string, string> = { 'content-md5': md5(body) }) =>
		send('POST', { query: { delete: '' }, body, headers }, '/b');
	const keys = (...names: string[]) =>
		`<Delete>${names.map((name) => `<Object><Key>${name}</Key></Object>`).join('')}</Delete>`;

	it('deletes what is there and what is not', async () => {
		await put('x');
		const { text } = await remove(keys('key', 'none'));
		expect(texts(text, 'Key')).toEqual(['key', 'none']);
		expect((await get()).status).toBe(404);
	});

	it('says nothing of what went well where that is asked for', async () => {
		const { text } = await remove(keys('key').replace('<Delete>', '<Delete><Quiet>true</Quiet>'));
		expect(text).not.toContain('<Deleted>');
	});

	it('takes no request that is not vouched for', async () => {
		expect(outcome(await remove(keys('key'), {}))).toEqual([400, 'InvalidRequest']);
	});

	it('reads keys as XML has them', async () => {
		await send('PUT', { body: 'x' }, '/b/a%26%0D%0Ab');
		const { text } = await remove(keys('a&amp;&#13;&#xA;b'));
		expect(texts(text, 'Key')).toEqual(['a&\r\nb']);
		expect((await send('GET', {}, '/b/a%26%0D%0Ab')).status).toBe(404);
	});

	it.each([
		'<Delete>',
		'<Delete><Object><Key>k</Object></Key></Delete>',
		keys(),
		keys('a&b'),
		keys(...Array<string>(1001).fill('k')),
		'<Other/>',
	])('refuses %.30s', async (body) => {
		expect(outcome(await remove(body))).toEqual([400, 'MalformedXML']);
	});

	it('deletes only what the user may', async () => {
		server.users.limited.allow = [{ actions: ['s3:DeleteObject'], resources: ['b/mine*'] }];
		const body = keys('mine', 'theirs');
		const { text } = await send(
			'POST',
			{
				query: { delete: '' },
				body,
				headers: { 'content-md5': md5(body) },
				user: server.users.limited,
			},
			'/b',
		);
		expect(text).toMatch(
			/<Deleted><Key>mine<\/Key><\/Deleted><Error><Key>theirs<\/Key><Code>AccessDenied</,
		);
	});
});

describe('versions', () => {
	const versioning = (status: string) =>
		send(
			'PUT',
			{
				query: { versioning: '' },
				body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
			},
			'/b',
		);
	const versionOf = (reply: Reply) => String(reply.headers['x-amz-version-id']);
	const list = async (query: Record<string, string> = {}) =>
		(await send('GET', { query: { versions: '', ...query } }, '/b')).text;

	it('are kept, and hidden by a delete marker', async () => {
		await put('before');
		expect((await versioning('Enabled')).status).toBe(200);
		const first = versionOf(await put('first'));
		const second = versionOf(await put('second'));
		expect((await get()).text).toBe('second');
		expect((await get({}, { versionId: first })).text).toBe('first');
		expect((await get({}, { versionId: 'null' })).text).toBe('before');
		const marker = versionOf(await send('DELETE'));
		const hidden = await get();
		expect(outcome(hidden)).toEqual([404, 'NoSuchKey']);
		expect(hidden.headers['x-amz-delete-marker']).toBe('true');
		expect(outcome(await get({}, { versionId: marker }))).toEqual([405, 'MethodNotAllowed']);
		expect(texts((await send('GET', {}, '/b')).text, 'Key')).toEqual([]);
		expect(texts(await list(), 'VersionId')).toEqual([marker, second, first, 'null']);
		expect(texts(await list(), 'IsLatest')).toEqual(['true', 'false', 'false', 'false']);
		const removed = await send('DELETE', { query: { versionId: marker } });
		expect(removed.headers['x-amz-delete-marker']).toBe('true');
		expect((await get()).text).toBe('second');
		expect((await send('DELETE', {}, '/b')).code).toBe('BucketNotEmpty');
	});

	it('are listed page by page', async () => {
		await versioning('Enabled');
		const ids: string[] = [];
		for (const key of ['a', 'b/1', 'b/2']) {
			for (let round = 0; round < 3; round++) {
				ids.push(versionOf(await send('PUT', { body: 'x' }, `/b/${key}`)));
			}
		}
		const found: string[] = [];
		let next: Record<string, string> = {};
		for (;;) {
			const page = await list({ 'max-keys': '2', ...next });
			found.push(...texts(page, 'VersionId'));
			if (texts(page, 'IsTruncated')[0] === 'false') break;
			next = {
				'key-marker': texts(page, 'NextKeyMarker')[0]!,
				'version-id-marker': texts(page, 'NextVersionIdMarker')[0]!,
			};
		}
		expect(found.sort()).toEqual(ids.sort());
		const rolled = await list({ delimiter: '/' });
		expect(texts(rolled, 'Key')).toEqual(['a', 'a', 'a']);
		expect(texts(rolled, 'Prefix')).toContain('b/');
	});

	it('that are all deleted make no common prefix', async () => {
		await versioning('Enabled');
		for (const path of ['/b/gone/1', '/b/gone/2', '/b/here/1']) await send('PUT', {}, path);
		for (const path of ['/b/gone/1', '/b/gone/2']) await send('DELETE', {}, path);
		const { text } = await send('GET', { query: { delimiter: '/' } }, '/b');
		expect(text).not.toContain('gone/');
		expect(text).toContain('<CommonPrefixes><Prefix>here/</Prefix></CommonPrefixes>');
	});

	it('are replaced by each other once they are suspended', async () => {
		await versioning('Enabled');
		const kept = versionOf(await put('kept'));
		await versioning('Suspended');
		await put('one');
		expect(versionOf(await put('two'))).toBe('null');
		expect(texts(await list(), 'VersionId')).toEqual(['null', kept]);
	});
});

describe('buckets', () => {
	it.each(['ab', 'A-B', 'a..b', '1.2.3.4', 'xn--a', 'a_b', 'a'.repeat(64), '-ab'])(
		'cannot be called %s',
		async (name) => {
			expect(outcome(await send('PUT', {}, `/${name}`))).toEqual([400, 'InvalidBucketName']);
		},
	);

	it('are made once, listed, and deleted when they are empty', async () => {
		expect((await send('PUT', {}, '/new.bucket')).status).toBe(200);
		expect(outcome(await send('PUT', {}, '/new.bucket'))).toEqual([409, 'BucketAlreadyOwnedByYou']);
		await send('PUT', { body: 'x' }, '/new.bucket/key');
		expect(outcome(await send('DELETE', {}, '/new.bucket'))).toEqual([409, 'BucketNotEmpty']);
		await send('DELETE', {}, '/new.bucket/key');
		const names = async () => texts((await send('GET', {}, '/')).text, 'Name');
		expect(await names()).toContain('new.bucket');
		expect((await send('DELETE', {}, '/new.bucket')).status).toBe(204);
		expect(await names()).not.toContain('new.bucket');
		expect((await send('HEAD', {}, '/new.bucket')).status).toBe(404);
	});

	it('are made in the region that is asked for', async () => {
		const body =
			'<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>';
		expect((await send('PUT', { body }, '/far')).status).toBe(200);
		const location = await send('GET', { query: { location: '' }, region: 'eu-west-1' }, '/far');
		expect(location.text).toContain('>eu-west-1</LocationConstraint>');
		const wrong = await send('PUT', { body, region: 'eu-north-1' }, '/other');
		expect(outcome(wrong)).toEqual([400, 'IllegalLocationConstraintException']);
		const first = body.replace('eu-west-1', 'us-east-1');
		const named = await send('PUT', { body: first }, '/other');
		expect(outcome(named)).toEqual([400, 'InvalidLocationConstraint']);
	});

	it('are listed page by page', async () => {
		for (const name of ['page-1', 'page-2', 'page-3']) server.store.makeBucket(name);
		const query = { prefix: 'page-', 'max-buckets': '2' };
		const first = await send('GET', { query }, '/');
		expect(texts(first.text, 'Name')).toEqual(['page-1', 'page-2']);
		const [token = ''] = texts(first.text, 'ContinuationToken');
		const rest = await send('GET', { query: { ...query, 'continuation-token': token } }, '/');
		expect([texts(rest.text, 'Name'), texts(rest.text, 'ContinuationToken')]).toEqual([
			['page-3'],
			[],
		]);
	});
});

describe('what there is not', () => {
	it.each(['acl', 'policy', 'lifecycle', 'cors', 'encryption', 'attributes', 'restore'])(
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
