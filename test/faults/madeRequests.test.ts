/** Requests that are made without the SDK's middleware, like one before: they and what comes of them stay the same. */
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { openS3 } from '../../s3/client/openS3';
import type { OpenS3 } from '../../s3/client/openS3';
import { getObject } from '../../s3/download/getObject';
import { listPage } from '../../s3/list/listPage';
import type { Page, PageRequest } from '../../s3/list/listPage';
import { streamOf } from '../../s3/download/resumingReader';
import type { Calls } from '../../s3/sdk';
import { putObject } from '../../s3/upload/putObject';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer, Fault } from '../servers/embedded';
import { ACCOUNT } from '../servers/embedded/S3Error';
import { connectionTo } from './connection';

type Name = 'GetObject' | 'ListObjectsV2' | 'PutObject' | 'UploadPart';
type Input<Of extends Name> = {
	[Member in keyof Calls[Of]['input']]?: Calls[Of]['input'][Member] | undefined;
};

const bucket = 'made';
const MINUTE = 60;
const alone = { signal: undefined };
const odd = 'a+ b/é&%\'"//.';
const content = Buffer.from('some bytes');
const KEYS = ['usual', odd, 'other'];

let server: EmbeddedServer;
let s3: OpenS3;
let uploadId: string | undefined;
let opened = 0;

/** A connection over which nothing was sent yet: the SDK makes its first requests. */
const open = async () =>
	await openS3(connectionTo(server, { bucket: `connection-${String(opened++)}` }));

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(bucket);
	server.store.putMany(bucket, KEYS);
	const over = await open();
	const started = await over.send('CreateMultipartUpload', { Bucket: bucket, Key: 'parts' }, alone);
	uploadId = started.UploadId;
});
afterAll(() => server.stop());
beforeEach(async () => {
	server.faults.clear();
	server.setClock(0);
	s3 = await open();
	await put('other');
	await read('usual');
	await read('usual', 'bytes=0-');
	await send(s3, 'UploadPart', { PartNumber: 1 });
	await page({ startAfter: 'a' });
	server.requests.length = 0;
});

async function put(key: string): Promise<void> {
	const open = () => Promise.reject(new Error('not opened'));
	const source = { size: content.length, bytes: content, open };
	await putObject(s3, { bucket, key, source }, alone);
}

/** Reads an object to its end. */
async function read(key: string, range?: string) {
	const { head, body } = await getObject(s3, { bucket, key, range }, alone);
	return { head, content: await text(body) };
}

async function page(place: Partial<PageRequest>, over = s3): Promise<Page> {
	const request = {
		bucket,
		prefix: undefined,
		delimiter: undefined,
		startAfter: undefined,
		continuationToken: undefined,
		maxKeys: 2,
		fetchOwner: undefined,
		requestPayer: undefined,
		expectedBucketOwner: undefined,
	};
	return await listPage(over, { ...request, ...place }, alone);
}

/** Sends a call; gives its output with the body read. */
async function send<Of extends Name>(
	over: OpenS3,
	name: Of,
	input: Input<Of>,
	signal?: AbortSignal,
): Promise<object> {
	const usual = {
		GetObject: { Bucket: bucket, Key: 'usual' },
		ListObjectsV2: { Bucket: bucket, MaxKeys: 2, EncodingType: 'url' },
		PutObject: { Bucket: bucket, Key: 'put', Body: content },
		UploadPart: { Bucket: bucket, Key: 'parts', UploadId: uploadId, Body: content, PartNumber: 2 },
	}[name];
	const output = await over.send(name, { ...usual, ...input } as Calls[Of]['input'], { signal });
	if ('listing' in output) {
		const listing = output.listing.bytes().toString();
		output.listing.giveBack();
		return { ...output, listing };
	}
	return 'Body' in output ? { ...output, Body: await text(streamOf(output)) } : output;
}

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('base64');
/** Of `content`. */
const CRC32 = 'n1l/VQ==';
const owner = { ExpectedBucketOwner: ACCOUNT, RequestPayer: 'requester' as const };

describe('a request is made as the SDK would make it', () => {
	const calls: { [Of in Name]: Record<string, Input<Of>> } = {
		GetObject: {
			'of a usual key': {},
			'of an odd key': { Key: odd },
			'of a part': { Range: 'bytes=2-5' },
			'with conditions': {
				IfNoneMatch: '"another"',
				IfModifiedSince: new Date(0),
				IfUnmodifiedSince: new Date('2100-01-01'),
			},
			'by someone': owner,
		},
		ListObjectsV2: {
			'from the beginning': {},
			'behind a key': { StartAfter: odd, MaxKeys: 1 },
			'of folders': { Prefix: 'a+ b/', Delimiter: '//', FetchOwner: true },
			'by someone': owner,
		},
		PutObject: {
			'of a usual key': {},
			'of an odd key': { Key: odd },
			'of no bytes': { Body: Buffer.alloc(0) },
			'without a body': { Body: undefined },
			'with all that belongs to it': {
				ContentType: 'text/plain; charset=utf-8',
				CacheControl: 'no-cache',
				Expires: new Date('2100-01-01'),
				Metadata: { one: 'x y', two: '=?UTF-8?B?w6k=?=' },
				Tagging: 'a=b%20c',
				StorageClass: 'STANDARD_IA',
			},
			'with a checksum': { ChecksumCRC32: CRC32 },
			'with an MD5': { ContentMD5: md5(content) },
			'by someone': owner,
		},
		UploadPart: {
			'of a usual number': {},
			'of another number': { PartNumber: 10_000, Body: Buffer.alloc(0) },
			'by someone': owner,
		},
	};
	type Row = [Name, string, Input<Name>];
	const rows = (Object.keys(calls) as Name[]).flatMap((name) =>
		Object.entries<Input<Name>>(calls[name]).map(([what, input]): Row => [name, what, input]),
	);

	it.each<Row>(rows)('%s %s', async (name, _, input) => {
		const ofTheSdk = await send(await open(), name, input).catch((error: unknown) => error);
		const output = await send(s3, name, input).catch((error: unknown) => error);
		const [theirs, ours] = server.requests;
		expect(server.requests).toHaveLength(2);
		const { headers: own, ...request } = ours!;
		const { headers: same, ...asTheirs } = theirs!;
		const ofEach = ['amz-sdk-invocation-id', 'x-amz-date'];
		const present = ofEach.map((field) => [field, own[field]]);
		expect(own).toEqual({ ...same, ...Object.fromEntries(present) });
		expect(own['amz-sdk-invocation-id']).toMatch(/^[\da-f-]{36}$/);
		expect(own['amz-sdk-invocation-id']).not.toBe(same['amz-sdk-invocation-id']);
		expect(request).toEqual({ ...asTheirs, port: request.port });
		expect(withoutIds(output)).toEqual(withoutIds(ofTheSdk));
	});

	const withoutIds = (output: unknown): object => ({
		...(output as object),
		$metadata: undefined,
		requestId: undefined,
	});
});

it('tells each request from the others', async () => {
	await page({ startAfter: odd });
	await page({ continuationToken: (await page({})).nextToken });
	await put('first');
	await put('second');
	const ids = server.requests.map(({ headers }) => headers['amz-sdk-invocation-id']);
	expect(new Set(ids).size).toBe(5);
	const keys = server.requests.map((request) => request.key);
	expect(keys.slice(3)).toEqual(['first', 'second']);
});

it('asks for the checksum of a whole object, and of no part', async () => {
	await read(odd);
	await read(odd, 'bytes=0-0');
	const asked = server.requests.map(({ headers }) => headers['x-amz-checksum-mode']);
	expect(asked).toEqual(['ENABLED', undefined]);
});

it.each<[string, Input<'PutObject'>, string, string]>([
	[
		'the MD5 of a key',
		{ SSECustomerAlgorithm: 'AES256', SSECustomerKey: Buffer.alloc(32, 7).toString('base64') },
		'x-amz-server-side-encryption-customer-key-md5',
		md5(Buffer.alloc(32, 7)),
	],
	['a checksum', { ChecksumAlgorithm: 'CRC32' }, 'x-amz-checksum-crc32', CRC32],
])('leaves %s to the SDK, for that object alone', async (_, input, header, value) => {
	const over = await open();
	const valueIn = async (each: Input<'PutObject'>) => {
		await send(over, 'PutObject', each);
		return server.requests.at(-1)?.headers[header];
	};
	expect(await valueIn(input)).toBe(value);
	expect(await valueIn({})).toBeUndefined();
	expect(await valueIn({})).toBeUndefined();
	expect(await valueIn(input)).toBe(value);
});

it.each(['Thu, 01 Jan 2099 00:00:00 GMT', 'never'])(
	'reads an object that expires: %s',
	async (expires) => {
		const effect: Fault['effect'] = {
			kind: 'answer',
			status: 200,
			headers: { expires },
			body: 'x',
		};
		server.faults.add({ operation: 'GetObject', effect });
		const found = await read('usual');
		expect([found.head.expires, found.content]).toEqual([expires, 'x']);
		expect(server.requests).toHaveLength(1);
	},
);

const reset: Fault['effect'] = { kind: 'resetRequest', afterBytes: 0 };
const slowDown: Fault['effect'] = { kind: 'answer', status: 503, code: 'SlowDown' };
const NAMES: Name[] = ['GetObject', 'ListObjectsV2', 'PutObject', 'UploadPart'];

describe.each(NAMES)('%s', (name) => {
	it.each<[string, Fault['effect'], number, object]>([
		[
			'a refusal',
			{ kind: 'answer', status: 403, code: 'AccessDenied' },
			1,
			{ code: 'AccessDenied' },
		],
		[
			'a missing bucket',
			{ kind: 'answer', status: 404, code: 'NoSuchBucket' },
			1,
			{ code: 'NoSuchBucket' },
		],
		['an error of the server', { kind: 'answer', status: 500, code: 'InternalError' }, 5, {}],
		['a lost connection', reset, 5, { kind: 'unreachable' }],
	])(
		'is sent as often as by the SDK after %s',
		async (_, effect, attempts, failure) => {
			server.faults.add({ operation: name, effect });
			await expect(send(s3, name, {})).rejects.toMatchObject({ operation: name, ...failure });
			expect(server.requests).toHaveLength(attempts);
		},
		30_000,
	);

	it.each([
		['the connection was lost', reset],
		['the server asked for less', slowDown],
	])('is sent a second time when %s', async (_, effect) => {
		server.faults.add({ operation: name, times: 1, effect });
		expect(await send(s3, name, {})).toMatchObject({ $metadata: { attempts: 2 } });
		expect(server.requests).toHaveLength(2);
		expect(await send(s3, name, {})).toMatchObject({ $metadata: { attempts: 1 } });
	});

	it('is a first attempt, even where the one before took two', async () => {
		const over = await open();
		server.faults.add({ operation: name, times: 1, effect: reset });
		await send(over, name, {});
		await send(over, name, {});
		const attempts = server.requests.map(({ headers }) => headers['amz-sdk-request']);
		expect(attempts).toEqual(['attempt=1; max=5', 'attempt=2; max=5', 'attempt=1; max=5']);
	});

	it('is signed with the time of a server whose clock is set', async () => {
		server.setClock(60 * MINUTE);
		await send(s3, name, {});
		expect(server.requests).toHaveLength(2);
		await send(s3, name, {});
		expect(server.requests).toHaveLength(3);
	});

	it('tells of a clock that is off', async () => {
		expect(s3.clockWarning()).toBeUndefined();
		server.setClock(10 * MINUTE);
		await send(s3, name, {});
		expect(s3.clockWarning()).toMatch(/10 min behind/);
	});

	it('ends when it is cancelled', async () => {
		server.faults.add({ operation: name, effect: { kind: 'stall' } });
		const controller = new AbortController();
		const sent = send(s3, name, {}, controller.signal);
		const refused = expect(sent).rejects.toMatchObject({ kind: 'cancelled' });
		while (server.requests.length === 0) await new Promise(setImmediate);
		controller.abort();
		await refused;
		expect(server.requests).toHaveLength(1);
	});
});

it.each<[Name, Fault['effect'], object]>([
	['ListObjectsV2', { kind: 'errorIn200', code: 'InternalError' }, {}],
	['PutObject', { kind: 'errorIn200', code: 'InternalError' }, {}],
	['UploadPart', { kind: 'errorIn200', code: 'InternalError' }, {}],
	['ListObjectsV2', { kind: 'truncate', afterBytes: 100 }, { kind: 'unreachable' }],
])(
	'%s is sent again after %o',
	async (name, effect, failure) => {
		server.faults.add({ operation: name, times: 1, effect });
		expect(await send(s3, name, {})).toMatchObject({ $metadata: { attempts: 2 } });
		server.faults.add({ operation: name, effect });
		await expect(send(s3, name, {})).rejects.toMatchObject({ operation: name, ...failure });
	},
	30_000,
);

it('is made with the settings of the connection that it is sent over', async () => {
	const keys = { accessKeyId: 'SECONDACCESSKEY00001', secretAccessKey: 'second/secret' };
	server.addUser({ name: 'second', ...keys });
	const identity = { kind: 'accessKeys' as const, ...keys, sessionToken: undefined };
	const over = await openS3(connectionTo(server, { identity }));
	await page({}, over);
	await page({}, over);
	await page({});
	expect(server.requests.map(({ user }) => user)).toEqual(['second', 'second', 'main']);
});
