import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import type { ChecksumAlgorithm } from '../../../s3/upload/PutRequest';
import { send } from '../../engine/bucket';
import type { Fault } from '../../servers/embedded';
import { Downloads, MiB, MORE_THAN_SOCKETS } from './downloads';

const content = randomBytes(29 * MiB + 17);
const downloads = new Downloads('parts', { minimumPartSize: 1 });

/** Uploads as programs do that leave the type of a checksum to S3: of parts, it is one of the parts'. */
async function storeInParts(
	key: string,
	bytes: Buffer,
	partSize: number,
	checksum: ChecksumAlgorithm = 'CRC32',
): Promise<void> {
	const composing = downloads.asking({ ChecksumType: undefined });
	await downloads.store(key, bytes, { checksum, partSize, multipartThreshold: 0 }, composing);
}

/** Uploads parts of different sizes. */
async function storeUneven(key: string, sizes: number[]): Promise<Buffer> {
	const { bucket, server } = downloads;
	const { credential } = server;
	const path = `/${bucket}/${key}`;
	const begun = await send(credential, 'POST', `${path}?uploads`, {
		headers: { 'x-amz-checksum-algorithm': 'CRC32' },
	});
	const uploadId = /<UploadId>(.*?)</.exec(await begun.text())?.[1] ?? '';
	let start = 0;
	let list = '';
	for (const [index, size] of sizes.entries()) {
		const body = content.subarray(start, (start += size));
		const headers = { 'x-amz-checksum-crc32': crcOf(body) };
		const query = `partNumber=${index + 1}&uploadId=${uploadId}`;
		const part = await send(credential, 'PUT', `${path}?${query}`, { body, headers });
		const etag = part.headers.get('etag') ?? '';
		list += `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag><ChecksumCRC32>${crcOf(body)}</ChecksumCRC32></Part>`;
	}
	const body = `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`;
	await send(credential, 'POST', `${path}?uploadId=${uploadId}`, { body });
	server.requests.length = 0;
	return content.subarray(0, start);
}

function crcOf(bytes: Buffer): string {
	const value = Buffer.alloc(4);
	value.writeUInt32BE(crc32(bytes));
	return value.toString('base64');
}

async function get(...of: Parameters<Downloads['open']>) {
	const { head, body, verified } = await downloads.open(...of);
	const bytes = await buffer(body);
	return { bytes, checksum: head.checksum, verified: verified() };
}

/** The parts whose heads were asked for. */
const partsAsked = () =>
	downloads.server.requests
		.filter(({ operation }) => operation === 'HeadObject')
		.map(({ query }) => Number(query.partNumber));

it.each([
	['CRC32', 5 * MiB],
	['CRC32', 8 * MiB],
	['CRC32', 11 * MiB],
	['CRC32', 16 * MiB],
	['CRC32', 5 * MiB + 12_345],
	['CRC32C', 5 * MiB],
	['SHA1', 5 * MiB],
	['SHA256', 5 * MiB],
] as const)(
	'a %s of parts of %i bytes is verified, for which the first part is asked for its size',
	async (checksum, partSize) => {
		await storeInParts('parts', content, partSize, checksum);
		const { bytes, ...result } = await get('parts');
		expect(bytes.equals(content)).toBe(true);
		expect(result).toMatchObject({
			verified: true,
			checksum: { type: 'COMPOSITE', algorithm: checksum },
		});
		expect(partsAsked()).toEqual([1]);
		// The whole, its first part, and four ranges of 8 MiB or less.
		expect(downloads.server.requests).toHaveLength(6);
	},
);

it('an object of a single part is verified without a further request', async () => {
	const bytes = content.subarray(0, 5 * MiB);
	await storeInParts('single', bytes, 8 * MiB);
	const result = await get('single');
	expect(result.checksum).toMatchObject({ type: 'COMPOSITE' });
	expect(result.verified).toBe(true);
	expect(downloads.server.requests).toHaveLength(1);
});

it('an object that is too small for several connections is verified part by part', async () => {
	const bytes = content.subarray(0, 300_000);
	await storeInParts('small', bytes, 100_000);
	const result = await get('small');
	expect(result.bytes.equals(bytes)).toBe(true);
	expect(result.verified).toBe(true);
	expect(partsAsked()).toEqual([1]);
});

it.each([
	['several parts', 5 * MiB, content],
	['three parts', 10 * MiB, content],
	['two parts', 16 * MiB, content],
	['one part', 8 * MiB, content.subarray(0, 5 * MiB)],
])('a checksum of %s shows that a byte is another', async (_, partSize, bytes) => {
	await storeInParts('damaged', bytes, partSize);
	downloads.damage('damaged', bytes.length - 1);
	await expect(get('damaged')).rejects.toMatchObject({
		kind: 'corrupt',
		message: expect.stringContaining('do not have the CRC32') as string,
	});
});

it.each([
	['the second is smaller', [8, 6, 7]],
	['the third is smaller', [8, 8, 6, 7]],
	['the third is larger', [4, 4, 9, 4]],
	['the last has the size that is left for it', [4, 3, 5, 4]],
])('an object of uneven parts, of which %s, is passed on unverified', async (_, sizes) => {
	const bytes = await storeUneven(
		'uneven',
		sizes.map((size) => size * MiB),
	);
	const result = await get('uneven');
	expect(result.bytes.equals(bytes)).toBe(true);
	expect(result.verified).toBe(false);
});

it.each<[string, Fault['effect']]>([
	['knows no parts', { kind: 'answer', status: 501, code: 'NotImplemented' }],
	['forbids the request', { kind: 'answer', status: 403, code: 'AccessDenied' }],
	['does not say how many parts there are', { kind: 'answer', status: 200 }],
])('an object from a server that %s is passed on unverified', async (_, effect) => {
	await storeInParts('parts', content, 5 * MiB);
	downloads.server.faults.add({ operation: 'HeadObject', effect });
	const { bytes, verified, checksum } = await get('parts');
	expect(bytes.equals(content)).toBe(true);
	expect(verified).toBe(false);
	expect(checksum?.value).toMatch(/^.{8}-6$/);
});

it('an object that is said to have more parts than S3 takes is passed on unverified', async () => {
	const bytes = content.subarray(0, 4_000_000);
	await downloads.store('hostile', bytes);
	const s3 = downloads.saying({ ChecksumSHA256: 'AAAA-4000000', PartsCount: 4_000_000 });
	const result = await get('hostile', { s3 });
	expect(result.bytes.equals(bytes)).toBe(true);
	expect(result.verified).toBe(false);
	expect(downloads.server.requests).toHaveLength(1);
});

it('an object of many tiny parts is passed on unverified', async () => {
	const bytes = content.subarray(0, 100);
	await storeInParts('tiny', bytes, 1);
	const result = await get('tiny');
	expect(result.bytes.equals(bytes)).toBe(true);
	expect(result).toMatchObject({ verified: false, checksum: { type: 'COMPOSITE' } });
	expect(partsAsked()).toEqual([1]);
});

it('an object without an ETag is not asked for its parts: they may be those of another one', async () => {
	await storeInParts('parts', content, 5 * MiB);
	const result = await get('parts', { s3: downloads.saying({ ETag: undefined }) });
	expect(result.bytes.equals(content)).toBe(true);
	expect(result.verified).toBe(false);
	expect(downloads.server.requests).toHaveLength(1);
});

it('a download is cancelled while it is asked how large the parts are', async () => {
	await storeInParts('parts', content, 5 * MiB);
	const controller = new AbortController();
	downloads.server.faults.add({
		operation: 'HeadObject',
		when: () => {
			controller.abort();
			return true;
		},
		effect: { kind: 'stall' },
	});
	const opened = downloads.open('parts', { signal: controller.signal });
	await expect(opened).rejects.toMatchObject({ kind: 'cancelled' });
});

it('a download is cancelled while it is asked whether the parts are equal', async () => {
	await storeInParts('parts', content, 5 * MiB);
	downloads.damage('parts', 0);
	const controller = new AbortController();
	downloads.server.faults.add({
		operation: 'HeadObject',
		when: ({ query }) => {
			if (query.partNumber === '1') return false;
			controller.abort();
			return true;
		},
		effect: { kind: 'stall' },
	});
	const { body } = await downloads.open('parts', { signal: controller.signal });
	await expect(buffer(body)).rejects.toMatchObject({ kind: 'cancelled' });
});

it('more downloads at once than there are sockets do not block each other', async () => {
	const bytes = content.subarray(0, 3 * MiB);
	await storeInParts('many', bytes, MiB);
	const results = await Promise.all(
		Array.from({ length: MORE_THAN_SOCKETS }, async () => await get('many')),
	);
	expect(results.every((result) => result.verified && result.bytes.equals(bytes))).toBe(true);
});
