import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { startChecksum } from '../../s3/checksums/stored';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import { integrityOf, integrityOnce, isHashedFirst } from '../../s3/upload/requestChecksum';
import { PART_LIMITS } from '../../s3/upload/partSizes';
import type { PartLimits } from '../../s3/upload/partSizes';
import { putObject } from '../../s3/upload/putObject';
import type { PutResult } from '../../s3/upload/PutRequest';
import type { PutRequest } from '../../s3/upload/putObject';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { keyBytes } from '../servers/embedded/store';
import { connectionTo } from './connection';

const MiB = 1024 * 1024;
const bucket = 'sums';
const content = Buffer.from(Array.from({ length: 11 * MiB }, (_, i) => (i * 43) % 247));
const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

let server: EmbeddedServer;
let s3: S3;

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(bucket);
	s3 = await openS3(connectionTo(server));
});
afterAll(() => server.stop());
beforeEach(() => {
	server.faults.clear();
	server.requests.length = 0;
});

const ways: Record<string, Partial<PutRequest> & { size: number }> = {
	'from memory': { size: 1000 },
	'from memory, smaller than the threshold and larger than a part': {
		size: 7 * MiB,
		partSize: 5 * MiB,
	},
	'larger than what goes from memory without a checksum': { size: 9 * MiB },
	'as a stream': { size: 9 * MiB },
	'in parts': { size: content.length, multipartThreshold: MiB, partSize: 5 * MiB },
};

function requestFor(way: string, settings: Partial<PutRequest>): PutRequest {
	const { size, ...rest } = ways[way] ?? { size: 0 };
	const bytes = content.subarray(0, size);
	const open = () => Promise.resolve(Readable.from([bytes], { objectMode: false }));
	return { bucket, key: way, source: { size, open }, ...rest, ...settings };
}

const sent = () =>
	server.requests.filter(({ operation }) => ['PutObject', 'UploadPart'].includes(operation ?? ''));

async function put(way: string, settings: Partial<PutRequest>): Promise<PutResult> {
	const largestInMemory = way === 'as a stream' ? 8 * MiB : PART_LIMITS.largestInMemory;
	const limits = { ...PART_LIMITS, largestInMemory };
	return await putObject(s3, requestFor(way, settings), { signal: undefined }, limits);
}

function sumOf(algorithm: (typeof ALGORITHMS)[number], bytes: Buffer): string | undefined {
	const sum = startChecksum(algorithm)?.();
	sum?.update(bytes);
	return sum?.digest().toString('base64');
}

describe.each(Object.keys(ways))('an object put %s', (way) => {
	it.each(ALGORITHMS)('has the %s that was chosen, which went in a header', async (checksum) => {
		const result = await put(way, { checksum });
		const whole = sumOf(checksum, content.subarray(0, ways[way]?.size));
		if (way === 'in parts' && checksum.startsWith('SHA')) {
			expect(result.checksum?.value).toMatch(/-3$/);
		} else {
			expect(result.checksum).toMatchObject({ algorithm: checksum, value: whole });
		}
		for (const { headers } of sent()) {
			expect(headers[`x-amz-checksum-${checksum.toLowerCase()}`]).toBeDefined();
			expect(headers['x-amz-trailer']).toBeUndefined();
			expect(headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD');
		}
	});

	it('goes without a checksum to a server that may not know any, a small one with its MD5', async () => {
		await put(way, {});
		const names = server.requests.flatMap(({ headers }) => Object.keys(headers));
		expect(names.filter((name) => /checksum|md5|trailer/.test(name))).toEqual(
			way.startsWith('from memory') ? ['content-md5'] : [],
		);
	});

	it.each<[string, Partial<PutRequest>]>([
		['under an object lock', { objectLock: { legalHold: true } }],
		['that was chosen', { checksum: 'MD5' }],
	])('goes with an MD5 %s', async (_, settings) => {
		const { checksum } = await put(way, settings);
		expect(checksum).toBeUndefined();
		const { size = 0, partSize = size } = ways[way] ?? {};
		const md5s = sent().map(({ headers }) => headers['content-md5']);
		const length = way === 'in parts' ? partSize : size;
		const parts = Array.from({ length: Math.ceil(size / length) }, (_, i) =>
			content.subarray(i * length, Math.min(size, (i + 1) * length)),
		);
		const sums = parts.map((part) => createHash('md5').update(part).digest('base64'));
		expect(md5s.sort()).toEqual(sums.sort());
	});
});

it('an object of which a byte was changed on the way is refused', async () => {
	const bytes = Buffer.from('as it is sent');
	const open = () => Promise.resolve(Readable.from([bytes], { objectMode: false }));
	const source = { size: bytes.length, open, bytes };
	const changing: S3 = {
		...s3,
		readMemory: s3.readMemory,
		writeMemory: s3.writeMemory,
		send: (name, input, call) => {
			bytes[0] = 0x41;
			return s3.send(name, input, call);
		},
	};
	const sending = putObject(changing, { bucket, key: 'changed', source }, { signal: undefined });
	await expect(sending).rejects.toMatchObject({ code: 'BadDigest', key: 'changed' });
	expect(server.store.bucket(bucket).get(keyBytes('changed'))).toBeUndefined();
});

describe('what is hashed before it is sent', () => {
	/** Puts the content with the first two attempts failing; gives how often the source was opened. */
	async function opensOf(limits: PartLimits, size: number): Promise<number> {
		let opened = 0;
		const bytes = content.subarray(0, size);
		const open = () => {
			opened += 1;
			return Promise.resolve(Readable.from([bytes], { objectMode: false }));
		};
		const request = { bucket, key: 'again', source: { size, open }, checksum: 'SHA256' as const };
		const effect = { kind: 'answer', status: 500, code: 'InternalError' } as const;
		server.faults.add({ operation: 'PutObject', times: 2, effect });
		const { checksum } = await putObject(s3, request, { signal: undefined }, limits);
		expect(checksum?.value).toBe(sumOf('SHA256', bytes));
		expect(sent()).toHaveLength(3);
		return opened;
	}

	it('is read once and sent from memory, up to the largest part that memory takes', async () => {
		expect(await opensOf({ ...PART_LIMITS, largestInMemory: 9 * MiB }, 9 * MiB)).toBe(1);
	});

	it('is hashed once as a stream above that, however often it is sent', async () => {
		expect(await opensOf({ ...PART_LIMITS, largestInMemory: 9 * MiB }, 9 * MiB + 1)).toBe(1 + 3);
	});
});

describe('on AWS', () => {
	const aws = (): S3 => ({ ...s3, connection: { ...s3.connection, endpoint: undefined } });

	it('bytes in memory are sent with their CRC32', () => {
		const body = content.subarray(0, 1000);
		const request = requestFor('from memory', {});
		expect(integrityOf(aws(), request, body)).toEqual({ ChecksumCRC32: sumOf('CRC32', body) });
	});

	it('a stream is hashed on the way, not read before', async () => {
		const read = jest.fn();
		const request = requestFor('from memory', { checksum: 'SHA256' });
		expect(await integrityOnce(aws(), request)(read)).toEqual({ ChecksumAlgorithm: 'SHA256' });
		expect(read).not.toHaveBeenCalled();
	});
	it.each<[Partial<PutRequest>, boolean]>([
		[{}, false],
		[{ checksum: 'SHA256' }, false],
		[{ checksum: 'MD5' }, true],
	])('%j is hashed before it is sent: %s', (settings, first) => {
		expect(isHashedFirst(aws(), requestFor('from memory', settings))).toBe(first);
	});
});
