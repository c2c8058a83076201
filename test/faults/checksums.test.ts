import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import { getObject } from '../../s3/download/getObject';
import type { GetRequest } from '../../s3/download/getObject';
import type { ChecksumAlgorithm } from '../../s3/upload/PutRequest';
import { putObject } from '../../s3/upload/putObject';
import type { PutRequest } from '../../s3/upload/putObject';
import { send } from '../engine/bucket';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { keyBytes } from '../servers/embedded/store';
import { connectionTo } from './connection';

const MiB = 1024 * 1024;
const bucket = 'checksums';
const content = randomBytes(29 * MiB + 17);
const call = { signal: undefined };

let server: EmbeddedServer;
let s3: S3;
/** Uploads as programs do that leave the type of a checksum to S3: of parts, that is one of the parts'. */
let composing: S3;

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(bucket);
	s3 = await openS3(connectionTo(server));
	composing = {
		connection: s3.connection,
		readMemory: s3.readMemory,
		writeMemory: s3.writeMemory,
		send: (name, input, of) => s3.send(name, { ...input, ChecksumType: undefined }, of),
	};
});
afterAll(() => server.stop());
beforeEach(() => {
	server.faults.clear();
	server.requests.length = 0;
});

async function put(key: string, bytes: Buffer, request: Partial<PutRequest> = {}) {
	const open = async () => await Promise.resolve(Readable.from([bytes], { objectMode: false }));
	const source = { size: bytes.length, open };
	await putObject(composing, { bucket, key, source, ...request }, call);
	server.requests.length = 0;
}

async function get(key: string, request: Partial<GetRequest> = {}) {
	const { head, body, verified } = await getObject(s3, { bucket, key, ...request }, call);
	const bytes = await buffer(body);
	return { bytes, checksum: head.checksum, verified: verified() };
}

function crcOf(bytes: Buffer): string {
	const value = Buffer.alloc(4);
	value.writeUInt32BE(crc32(bytes));
	return value.toString('base64');
}

/** Makes one byte of the object another behind the server's back. */
function damage(key: string, position: number): void {
	let start = 0;
	for (const piece of server.store.bucket(bucket).get(keyBytes(key))!.content!.pieces) {
		if (!Buffer.isBuffer(piece)) throw new Error('the objects of this server are in memory');
		const index = position - start;
		if (index >= 0 && index < piece.length) piece[index]! ^= 1;
		start += piece.length;
	}
}

const inParts = (checksum: ChecksumAlgorithm, partSize: number) => ({
	checksum,
	partSize,
	multipartThreshold: 0,
});

describe.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('%s', (checksum) => {
	it.each([
		['an empty object', 0],
		['a small object', 1000],
		['a large object', content.length],
	])('of %s is verified', async (_, size) => {
		const bytes = content.subarray(0, size);
		await put('whole', bytes, { checksum });
		const result = await get('whole');
		expect(result.bytes.equals(bytes)).toBe(true);
		expect(result).toMatchObject({
			verified: true,
			checksum: { algorithm: checksum, type: 'FULL_OBJECT' },
		});
	});

	it.each([
		['a small object', 1000],
		['a large object', content.length],
	])('of %s is an error when a byte is another', async (_, size) => {
		await put('damaged', content.subarray(0, size), { checksum });
		damage('damaged', size - 1);
		await expect(get('damaged')).rejects.toMatchObject({
			kind: 'corrupt',
			retryable: true,
			bucket,
			key: 'damaged',
			message: `Could not get “damaged” in bucket “${bucket}”: its bytes do not have the ${checksum} that S3 has stored for it`,
		});
	});
});

describe('a checksum of the whole object', () => {
	const checksum = 'CRC64NVME';

	it.each([0, 1, 8 * MiB - 1, 8 * MiB, 16 * MiB + 7, content.length - 1])(
		'shows damage of the byte %i',
		async (position) => {
			await put('damaged', content, { checksum });
			damage('damaged', position);
			await expect(get('damaged')).rejects.toMatchObject({ kind: 'corrupt' });
		},
	);

	it('is of the pieces of all connections that broke', async () => {
		await put('broken', content, { checksum });
		const effect = { kind: 'resetAnswer', afterBytes: 3 * MiB + 1 } as const;
		server.faults.add({ operation: 'GetObject', times: 6, effect });
		expect(await get('broken')).toMatchObject({ verified: true });
		damage('broken', 9 * MiB);
		server.faults.add({ operation: 'GetObject', times: 6, effect });
		await expect(get('broken')).rejects.toMatchObject({ kind: 'corrupt' });
	});

	it('shows damage on the way', async () => {
		await put('way', content, { checksum });
		const effect = { kind: 'corrupt', offset: 12_345 } as const;
		server.faults.add({ operation: 'GetObject', skip: 1, times: 1, effect });
		await expect(get('way')).rejects.toMatchObject({ kind: 'corrupt' });
	});
});

describe('a checksum of the checksums of the parts', () => {
	it.each([
		['CRC32', 5],
		['CRC32', 8],
		['CRC32', 10],
		['CRC32', 11],
		['CRC32', 16],
		['CRC32C', 5],
		['SHA1', 5],
		['SHA256', 5],
	] as const)('%s is verified when the parts had %i MiB', async (checksum, partSize) => {
		await put('parts', content, inParts(checksum, partSize * MiB));
		const { bytes, ...result } = await get('parts');
		expect(bytes.equals(content)).toBe(true);
		expect(result).toMatchObject({
			verified: true,
			checksum: { type: 'COMPOSITE', algorithm: checksum },
		});
		expect(server.requests.filter(({ query }) => 'partNumber' in query)).toEqual([]);
	});

	it.each([
		['several parts', 5 * MiB, content],
		['three parts', 10 * MiB, content],
		['two parts', 16 * MiB, content],
		['one part', 8 * MiB, content.subarray(0, 5 * MiB)],
	])('of %s is an error when a byte is another', async (_, partSize, bytes) => {
		await put('damaged parts', bytes, inParts('CRC32', partSize));
		damage('damaged parts', bytes.length - 1);
		await expect(get('damaged parts')).rejects.toMatchObject({
			kind: 'corrupt',
			message: expect.stringContaining('do not have the CRC32') as string,
		});
	});
});

describe('an object whose bytes cannot be verified', () => {
	it('of odd parts is passed on, and said not to be verified', async () => {
		await put('odd', content, inParts('CRC32', 5 * MiB + 12_345));
		const { bytes, verified, checksum } = await get('odd');
		expect(bytes.equals(content)).toBe(true);
		expect(verified).toBe(false);
		expect(checksum?.value).toMatch(/^.{8}-6$/);
		// The part size that would have shown damage is asked for, not the part.
		expect(server.requests.filter(({ query }) => query.partNumber === '2')).toHaveLength(1);
	});

	it('of parts of different sizes is passed on, though its first part has a likely size', async () => {
		const { accessKeyId, secretAccessKey } = server.users.main;
		const credential = { endpoint: server.endpoint, accessKeyId, secretAccessKey };
		const path = `/${bucket}/uneven`;
		const sizes = [8 * MiB, 6 * MiB, 7 * MiB];
		const begun = await send(credential, 'POST', `${path}?uploads`, {
			headers: { 'x-amz-checksum-algorithm': 'CRC32' },
		});
		const uploadId = /<UploadId>(.*?)</.exec(await begun.text())?.[1] ?? '';
		let start = 0;
		let list = '';
		for (const [index, size] of sizes.entries()) {
			const number = String(index + 1);
			const answer = await send(
				credential,
				'PUT',
				`${path}?partNumber=${number}&uploadId=${uploadId}`,
				{
					body: content.subarray(start, (start += size)),
					headers: { 'x-amz-checksum-crc32': crcOf(content.subarray(start - size, start)) },
				},
			);
			const sum = answer.headers.get('x-amz-checksum-crc32') ?? '';
			list += `<Part><PartNumber>${number}</PartNumber><ETag>${answer.headers.get('etag') ?? ''}</ETag><ChecksumCRC32>${sum}</ChecksumCRC32></Part>`;
		}
		const body = `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`;
		await send(credential, 'POST', `${path}?uploadId=${uploadId}`, { body });
		const result = await get('uneven');
		expect(result.bytes.equals(content.subarray(0, 21 * MiB))).toBe(true);
		expect(result.verified).toBe(false);
	});

	it('is no failure when the server knows no parts', async () => {
		await put('odd', content, inParts('CRC32', 5 * MiB + 12_345));
		server.faults.add({
			operation: 'GetObject',
			when: ({ query }) => 'partNumber' in query,
			effect: { kind: 'answer', status: 501, code: 'NotImplemented' },
		});
		expect(await get('odd')).toMatchObject({ verified: false });
	});

	it('is a range: nothing is claimed of it', async () => {
		await put('range', content, { checksum: 'CRC32' });
		const { bytes, ...result } = await get('range', { range: 'bytes=5-20000000' });
		expect(bytes.equals(content.subarray(5, 20_000_001))).toBe(true);
		expect(result).toEqual({ checksum: undefined, verified: false });
		for (const { headers } of server.requests)
			expect(headers).not.toHaveProperty('x-amz-checksum-mode');
	});

	it('has no checksum', async () => {
		await put('without', content);
		expect(await get('without')).toMatchObject({ checksum: undefined, verified: false });
	});
});
