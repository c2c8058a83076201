import { createHash } from 'node:crypto';
import { startChecksum } from '../../../s3/checksums/stored';
import type { S3 } from '../../../s3/client/S3';
import { PART_LIMITS } from '../../../s3/write/partSizes';
import type { PartLimits } from '../../../s3/write/partSizes';
import { putObject } from '../../../s3/upload/putObject';
import type { PutRequest, PutResult } from '../../../s3/upload/putObject';
import { MiB, patterned, sourceOf } from './sources';
import { bucket, uploadServer } from './uploadServer';

const uploads = uploadServer({});
const content = patterned(11 * MiB);
const call = { signal: undefined, retryFor: 1000 };
const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

const WAYS: Record<
	string,
	{ size: number; settings?: Partial<PutRequest>; largestInMemory?: number }
> = {
	'from memory': { size: 1000 },
	'from memory, smaller than the threshold and larger than a part': {
		size: 7 * MiB,
		settings: { partSize: 5 * MiB },
	},
	'larger than what goes from memory without a checksum': { size: 9 * MiB },
	'as a stream': { size: 9 * MiB, largestInMemory: 8 * MiB },
	'in parts': { size: content.length, settings: { multipartThreshold: MiB, partSize: 5 * MiB } },
};

const bodiesSent = () => [...uploads.sent('PutObject'), ...uploads.sent('UploadPart')];

function sumOf(algorithm: (typeof ALGORITHMS)[number], bytes: Buffer): string | undefined {
	const sum = startChecksum(algorithm)?.();
	sum?.update(bytes);
	return sum?.digest().toString('base64');
}

describe.each(Object.keys(WAYS))('an object put %s', (way) => {
	const { size, settings, largestInMemory = PART_LIMITS.largestInMemory } = WAYS[way]!;
	const bytes = content.subarray(0, size);

	async function put(checksum: Partial<PutRequest>): Promise<PutResult> {
		const request = { bucket, key: 'key', source: sourceOf(bytes), ...settings, ...checksum };
		return await putObject(uploads.s3, request, call, { ...PART_LIMITS, largestInMemory });
	}

	it.each(ALGORITHMS)(
		`an object put ${way} has its %s, which went in a header`,
		async (checksum) => {
			const result = await put({ checksum });
			const isComposite = way === 'in parts' && checksum.startsWith('SHA');
			expect(result.checksum).toEqual({
				algorithm: checksum,
				type: isComposite ? 'COMPOSITE' : 'FULL_OBJECT',
				value: isComposite ? (expect.stringMatching(/-3$/) as string) : sumOf(checksum, bytes),
			});
			for (const { headers } of bodiesSent()) {
				expect(headers[`x-amz-checksum-${checksum.toLowerCase()}`]).toBeDefined();
				expect(headers['x-amz-trailer']).toBeUndefined();
				expect(headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD');
			}
		},
	);

	it(`an object put ${way} has no checksum but the MD5 of a small one, if none was chosen`, async () => {
		await put({});
		const names = uploads.sent().flatMap(({ headers }) => Object.keys(headers));
		expect(names.filter((name) => /checksum|md5|trailer/.test(name))).toEqual(
			way.startsWith('from memory') ? ['content-md5'] : [],
		);
	});

	it.each<[string, Partial<PutRequest>]>([
		['under an object lock', { objectLock: { legalHold: true } }],
		['if that was chosen', { checksum: 'MD5' }],
	])(`an object put ${way} goes with its MD5 %s`, async (_, checksum) => {
		expect((await put(checksum)).checksum).toBeUndefined();
		// What is locked goes in one request, as some servers forget the lock of parts.
		const isInParts = way === 'in parts' && checksum.objectLock === undefined;
		const length = isInParts ? 5 * MiB : size;
		const parts = Array.from({ length: Math.ceil(size / length) }, (_ignored, i) =>
			bytes.subarray(i * length, (i + 1) * length),
		);
		const md5s = parts.map((part) => createHash('md5').update(part).digest('base64'));
		const sent = bodiesSent().map(({ headers }) => headers['content-md5']);
		expect(sent.sort()).toEqual(md5s.sort());
	});
});

it('an object of which a byte was changed on the way is refused', async () => {
	const bytes = Buffer.from('as it is sent');
	const { s3 } = uploads;
	const changing: S3 = {
		connection: s3.connection,
		readMemory: s3.readMemory,
		writeMemory: s3.writeMemory,
		send: (name, input, options) => {
			bytes[0] = 0x41;
			return s3.send(name, input, options);
		},
	};
	const source = { ...sourceOf(bytes), bytes };
	const sending = putObject(changing, { bucket, key: 'key', source }, call);
	await expect(sending).rejects.toMatchObject({ code: 'BadDigest', key: 'key' });
	expect(uploads.stored('key')).toBeUndefined();
});

describe('a body that is hashed before it is sent', () => {
	/** Puts an object with the first two attempts failing; gives how often the source was opened. */
	async function opensOf(size: number, limits: PartLimits): Promise<number> {
		const bytes = content.subarray(0, size);
		const source = sourceOf(bytes);
		const open = jest.fn(source.open);
		const effect = { kind: 'answer', status: 500, code: 'InternalError' } as const;
		uploads.server.faults.add({ operation: 'PutObject', times: 2, effect });
		const request = { bucket, key: 'key', source: { size, open }, checksum: 'SHA256' as const };
		const { checksum } = await putObject(uploads.s3, request, call, limits);
		expect(checksum?.value).toBe(sumOf('SHA256', bytes));
		expect(bodiesSent()).toHaveLength(3);
		return open.mock.calls.length;
	}

	it('a hashed body up to the largest part that memory takes is read once', async () => {
		const limits = { ...PART_LIMITS, largestInMemory: 9 * MiB };
		expect(await opensOf(9 * MiB, limits)).toBe(1);
	});

	it('a hashed body above that is hashed once, and read again for each attempt', async () => {
		const limits = { ...PART_LIMITS, largestInMemory: 9 * MiB };
		expect(await opensOf(9 * MiB + 1, limits)).toBe(1 + 3);
	});
});
