import { createHash } from 'node:crypto';
import { partCountOf, verificationOf } from '../../../../s3/download/checksumVerification';
import { bytesOf, FakeS3 } from './FakeS3';

const bytes = bytesOf(1000);
const sha256 = (...chunks: Buffer[]) =>
	chunks.reduce((sum, chunk) => sum.update(chunk), createHash('sha256')).digest();

const headOf = (response: Parameters<FakeS3['download']>[0]) =>
	new FakeS3(bytes).download(response).head;
const full = headOf({ ChecksumSHA256: sha256(bytes).toString('base64') });

/** The head of an object that was uploaded in parts of so many bytes. */
function composite(partSize: number) {
	const parts = [];
	for (let at = 0; at < bytes.length; at += partSize) {
		parts.push(sha256(bytes.subarray(at, at + partSize)));
	}
	const value = sha256(...parts).toString('base64');
	const head = headOf({ ChecksumSHA256: `${value}-${parts.length}`, ChecksumType: 'COMPOSITE' });
	return { head, parts: { count: parts.length, size: partSize } };
}

/** Whether the bytes match when they come in chunks of so many. */
function matches(verification: ReturnType<typeof verificationOf>, chunkSize: number): boolean {
	for (let at = 0; at < bytes.length; at += chunkSize) {
		verification!.update(bytes.subarray(at, at + chunkSize));
	}
	return verification!.matches();
}

it.each([1, 7, 100, 1000])('all bytes match a checksum of all, in chunks of %i', (chunkSize) => {
	expect(matches(verificationOf(full, undefined), chunkSize)).toBe(true);
});

it.each([1, 33, 100, 333, 500, 999, 1000])(
	'all bytes match a composite checksum of parts of %i bytes, whatever the chunks',
	(partSize) => {
		const { head, parts } = composite(partSize);
		for (const chunkSize of [1, 33, 100, 999, 1000]) {
			expect(matches(verificationOf(head, parts), chunkSize)).toBe(true);
		}
	},
);

it('bytes do not match a composite checksum of parts of another size', () => {
	const { head, parts } = composite(300);
	expect(matches(verificationOf(head, { ...parts, size: 301 }), 100)).toBe(false);
});

it('a verification says of which parts it is', () => {
	const { head, parts } = composite(300);
	expect(verificationOf(head, parts)?.parts).toEqual(parts);
	expect(verificationOf(full, undefined)?.parts).toBeUndefined();
});

it.each([
	['there is no checksum', {}],
	['the algorithm is unknown', { ChecksumXXHASH3: 'x' }],
	['the body is a range', { ChecksumSHA256: 'x', ContentRange: 'bytes 0-9/10' }],
	['the size of the parts is unknown', { ChecksumSHA256: 'x-2' }],
])('there is nothing to compare with if %s', (_, response) => {
	expect(verificationOf(headOf(response), undefined)).toBeUndefined();
});

it('the number of parts is that of a composite checksum', () => {
	expect(partCountOf(composite(300).head)).toBe(4);
	expect(partCountOf(composite(1000).head)).toBe(1);
	expect(partCountOf(headOf({ ChecksumSHA256: 'x-10000' }))).toBe(10_000);
});

it.each([
	['there is no checksum', {}],
	['the checksum is of all bytes', { ChecksumSHA256: 'x' }],
	['the checksum does not say it', { ChecksumSHA256: 'x', ChecksumType: 'COMPOSITE' as const }],
	['there would be none', { ChecksumSHA256: 'x-0' }],
	['there would be more than S3 takes', { ChecksumSHA256: 'x-10001' }],
	['the algorithm is unknown', { ChecksumXXHASH3: 'x-2' }],
	['the body is a range', { ChecksumSHA256: 'x-2', ContentRange: 'bytes 0-9/10' }],
	['the object is empty', { ChecksumSHA256: 'x-1', ContentLength: 0 }],
	['the length is unknown', { ChecksumSHA256: 'x-2', ContentLength: undefined }],
	['nothing pins a request for the parts', { ChecksumSHA256: 'x-2', ETag: undefined }],
])('no parts are asked for if %s', (_, response) => {
	expect(partCountOf(headOf(response))).toBeUndefined();
});

it('a single part needs no request, so nothing has to pin one', () => {
	expect(partCountOf(headOf({ ChecksumSHA256: 'x-1', ETag: undefined }))).toBe(1);
});
