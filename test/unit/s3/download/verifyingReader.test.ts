import { createHash } from 'node:crypto';
import type { Verification } from '../../../../s3/download/checksumVerification';
import { verifyingReader } from '../../../../s3/download/verifyingReader';
import { bytesOf, collect, FakeS3 } from './FakeS3';

const bytes = bytesOf(1000);
const call = { signal: undefined };

async function* chunks(): AsyncGenerator<Buffer> {
	yield await Promise.resolve(bytes.subarray(0, 400));
	yield bytes.subarray(400);
}

/** Compares with the SHA-256 of `expected`. */
function verificationOf(expected: Buffer, parts?: Verification['parts']): Verification {
	const sum = createHash('sha256');
	const value = createHash('sha256').update(expected).digest('hex');
	return {
		update: (chunk) => sum.update(chunk),
		matches: () => sum.digest('hex') === value,
		parts,
	};
}

it('matching bytes are passed on and reported after the last one', async () => {
	const onVerified = jest.fn();
	const download = new FakeS3(bytes).download();
	const reader = verifyingReader(download, chunks(), verificationOf(bytes), onVerified, call);
	for (const size of [400, 600]) {
		expect((await reader.next()).value).toHaveLength(size);
		expect(onVerified).not.toHaveBeenCalled();
	}
	expect((await reader.next()).done).toBe(true);
	expect(onVerified).toHaveBeenCalledTimes(1);
});

it('other bytes are an error after the last one', async () => {
	const onVerified = jest.fn();
	const s3 = new FakeS3(bytes);
	const other = verificationOf(Buffer.from('other'));
	const reader = verifyingReader(s3.download(), chunks(), other, onVerified, call);
	await reader.next();
	await reader.next();
	await expect(reader.next()).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
	expect(onVerified).not.toHaveBeenCalled();
	expect(s3.sent).toEqual([]);
});

it.each([
	['as large as expected are damaged', 300, true],
	['of another size are not known to be damaged', 299, false],
])('bytes that do not match, of parts %s', async (_, size, isDamaged) => {
	const onVerified = jest.fn();
	const s3 = new FakeS3(bytes, () => ({ ContentLength: size }));
	const verification = verificationOf(Buffer.from('other'), { count: 4, size: 300 });
	const reader = verifyingReader(s3.download(), chunks(), verification, onVerified, call);
	if (isDamaged) await expect(collect(reader)).rejects.toMatchObject({ kind: 'corrupt' });
	else expect((await collect(reader)).equals(bytes)).toBe(true);
	expect(onVerified).not.toHaveBeenCalled();
	expect(s3.sent.map(([, { PartNumber }]) => PartNumber)).toEqual([2, 3]);
});
