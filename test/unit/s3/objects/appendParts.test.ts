import { Readable } from 'node:stream';
import type { ObjectHead } from '../../../../s3/headers/objectHead';
import { appendParts } from '../../../../s3/objects/appendParts';
import { rejectionOf } from '../../failureOf';
import { AWS, names, scriptedS3 } from './scriptedS3';

const MiB = 1024 * 1024;
const object = { bucket: 'b', key: 'k' };
const condition = { IfMatch: 'e', IfNoneMatch: undefined };

/** Appends bytes to an object of a size, which nobody has. */
async function append(size: number, added: number, head: Partial<ObjectHead> = {}, settings = {}) {
	const { s3, sent } = scriptedS3(({ name }) => {
		const response: Record<string, object> = {
			CreateMultipartUpload: { UploadId: 'u' },
			UploadPartCopy: { CopyPartResult: { ETag: '"c"' } },
			UploadPart: { ETag: '"p"' },
		};
		return response[name] ?? { ETag: '"whole-1"', VersionId: 'v' };
	}, settings);
	const open = async () =>
		await Promise.resolve(Readable.from([Buffer.alloc(Math.min(added, 20 * MiB))]));
	const plan = {
		source: s3,
		target: s3,
		head: { ...object, etag: 'e', size, metadata: {}, ...head } as ObjectHead,
		request: {
			...object,
			source: object,
			metadataDirective: 'keep' as const,
			tagsDirective: 'keep' as const,
		},
	};
	const addition = { size: added, open };
	const made = await appendParts(plan, object, addition, condition, { signal: undefined });
	const of = (call: string) => sent.filter(({ name }) => name === call).map(({ input }) => input);
	return { made, sent, of };
}

it('a large object is copied in parts of nearly the same size, none of which is too small', async () => {
	const size = 3 * 256 * MiB + 1;
	const { made, of } = await append(size, 10);
	const quarter = Math.ceil(size / 4);
	expect(of('UploadPartCopy').map((input) => input.CopySourceRange)).toEqual([
		`bytes=0-${quarter - 1}`,
		`bytes=${quarter}-${2 * quarter - 1}`,
		`bytes=${2 * quarter}-${3 * quarter - 1}`,
		`bytes=${3 * quarter}-${size - 1}`,
	]);
	expect(of('UploadPart').map((input) => input.PartNumber)).toEqual([5]);
	expect(made).toEqual({ etag: 'whole-1', versionId: 'v', parts: 5 });
});

it('an object of one part is copied without a range, and every part is pinned to its ETag', async () => {
	const { of } = await append(5 * MiB, 1);
	expect(of('UploadPartCopy')).toMatchObject([
		{ CopySource: 'b/k', CopySourceRange: undefined, CopySourceIfMatch: '"e"', PartNumber: 1 },
	]);
	expect(of('CompleteMultipartUpload')).toMatchObject([{ IfMatch: 'e' }]);
});

it('many bytes are added in several parts', async () => {
	const { of } = await append(5 * MiB, 17 * MiB);
	expect(
		of('UploadPart').map((input) => [input.PartNumber, (input.Body as Buffer).length]),
	).toEqual([
		[2, 8 * MiB],
		[3, 8 * MiB],
		[4, MiB],
	]);
});

it('an object of as many parts as S3 takes is copied in larger ones, so that there are some for what is added', async () => {
	const { of, made } = await append(10_000 * 256 * MiB, 17 * MiB);
	const copied = of('UploadPartCopy').length;
	expect(copied).toBeLessThanOrEqual(9997);
	expect(
		of('UploadPart').map((input) => [input.PartNumber, (input.Body as Buffer).length]),
	).toEqual([
		[copied + 1, 8 * MiB],
		[copied + 2, 8 * MiB],
		[copied + 3, MiB],
	]);
	expect(made.parts).toBe(copied + 3);
});

it.each([
	['CRC32', {}, AWS],
	['CRC64NVME', { checksum: { algorithm: 'CRC64NVME', value: '', type: 'FULL_OBJECT' } }, AWS],
	['CRC32C', { checksum: { algorithm: 'CRC32C', value: '', type: 'FULL_OBJECT' } }, {}],
	[undefined, {}, {}],
	[undefined, { checksum: { algorithm: 'XXHASH64', value: '', type: 'FULL_OBJECT' } }, {}],
])('all parts have the checksum %s', async (algorithm, head, settings) => {
	const { of } = await append(5 * MiB, 1, head as Partial<ObjectHead>, settings);
	expect(of('CreateMultipartUpload')).toMatchObject([{ ChecksumAlgorithm: algorithm }]);
	const [part = {}] = of('UploadPart');
	const sums = Object.keys(part).filter((name) => name.startsWith('Checksum'));
	expect(sums).toEqual(algorithm === undefined ? [] : [`Checksum${algorithm}`]);
});

it('more bytes than S3 takes at once are refused before a request', async () => {
	const failure = await rejectionOf(
		append(5 * MiB, 5 * 1024 * MiB + 1).then(({ sent }) => names(sent)),
	);
	expect(failure).toMatchObject({ kind: 'invalid', ...object });
});
