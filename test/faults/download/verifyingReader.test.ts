import { randomBytes } from 'node:crypto';
import { Downloads, MiB, RANGE } from './downloads';

const content = randomBytes(29 * MiB + 17);
const downloads = new Downloads('checksums');
const { bucket } = downloads;

async function get(...of: Parameters<Downloads['open']>) {
	const { head, body, verified } = await downloads.open(...of);
	const chunks: Buffer[] = [];
	for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
	return { bytes: Buffer.concat(chunks), checksum: head.checksum, verified: verified() };
}

describe.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('%s', (checksum) => {
	it.each([
		['an empty object', 0],
		['a small object', 1000],
		['a large object', content.length],
	])(`the ${checksum} of %s is verified`, async (_, size) => {
		const bytes = content.subarray(0, size);
		await downloads.store('whole', bytes, { checksum });
		const result = await get('whole');
		expect(result.bytes.equals(bytes)).toBe(true);
		expect(result).toMatchObject({
			verified: true,
			checksum: { algorithm: checksum, type: 'FULL_OBJECT' },
		});
		expect(downloads.server.requests.every(({ operation }) => operation === 'GetObject')).toBe(
			true,
		);
	});

	it.each([
		['a small object', 1000],
		['a large object', content.length],
	])(`the ${checksum} of %s shows that a byte is another`, async (_, size) => {
		await downloads.store('damaged', content.subarray(0, size), { checksum });
		downloads.damage('damaged', size - 1);
		await expect(get('damaged')).rejects.toMatchObject({
			kind: 'corrupt',
			retryable: true,
			bucket,
			key: 'damaged',
			message: `Could not get “damaged” in bucket “${bucket}”: its bytes do not have the ${checksum} that S3 has stored for it`,
		});
	});
});

const checksum = 'CRC64NVME';

it.each([0, 1, RANGE - 1, RANGE, 2 * RANGE + 7, content.length - 1])(
	'a checksum shows damage of the byte %i',
	async (position) => {
		await downloads.store('damaged', content, { checksum });
		downloads.damage('damaged', position);
		await expect(get('damaged')).rejects.toMatchObject({ kind: 'corrupt' });
	},
);

it('the bytes of all connections that broke are verified', async () => {
	await downloads.store('broken', content, { checksum });
	const effect = { kind: 'resetAnswer', afterBytes: 3 * MiB + 1 } as const;
	downloads.server.faults.add({ operation: 'GetObject', times: 6, effect });
	expect(await get('broken')).toMatchObject({ verified: true });
	downloads.damage('broken', 9 * MiB);
	downloads.server.faults.add({ operation: 'GetObject', times: 6, effect });
	await expect(get('broken')).rejects.toMatchObject({ kind: 'corrupt' });
});

it('damage on the way is an error', async () => {
	await downloads.store('way', content, { checksum });
	const effect = { kind: 'corrupt', offset: 12_345 } as const;
	downloads.server.faults.add({ operation: 'GetObject', skip: 1, times: 1, effect });
	await expect(get('way')).rejects.toMatchObject({ kind: 'corrupt' });
});

it('nothing is claimed of a range, and no checksum is asked for', async () => {
	await downloads.store('range', content, { checksum: 'CRC32' });
	const { bytes, ...result } = await get('range', { range: 'bytes=5-20000000' });
	expect(bytes.equals(content.subarray(5, 20_000_001))).toBe(true);
	expect(result).toEqual({ checksum: undefined, verified: false });
	for (const { headers } of downloads.server.requests) {
		expect(headers).not.toHaveProperty('x-amz-checksum-mode');
	}
});

it('a checksum that a server gives with a range is not taken for one of the range', async () => {
	await downloads.store('sum', content, { checksum: 'CRC32' });
	for (const ChecksumCRC32 of ['AAAAAA==', 'AAAAAA==-4']) {
		const s3 = downloads.saying({ ChecksumCRC32 });
		const { bytes, verified } = await get('sum', { s3, range: 'bytes=5-20000000' });
		expect(bytes.equals(content.subarray(5, 20_000_001))).toBe(true);
		expect(verified).toBe(false);
	}
});

it('an object without a checksum is not verified', async () => {
	await downloads.store('without', content);
	expect(await get('without')).toMatchObject({ checksum: undefined, verified: false });
});
