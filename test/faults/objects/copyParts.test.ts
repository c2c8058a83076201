/** Copies in parts: what they keep, and parts that fail. */
import { randomBytes } from 'node:crypto';
import { rejectionOf } from '../../unit/failureOf';
import { asAws } from '../asAws';
import { copyOver, keptHeaders, MiB, putFull } from './copies';
import { bucket, call, objectServer } from './objectServer';

// The server copies no more than a part by one request, as S3 copies no more than 5 GiB.
const objects = objectServer({ maximumCopySize: 5 * MiB });
const operation = 'UploadPartCopy';
const content = randomBytes(11 * MiB);
const inParts = { multipartThreshold: 5 * MiB };

const copy = (request: Parameters<typeof copyOver>[1] = {}) =>
	copyOver(objects.s3, { ...inParts, ...request });
const uploadsLeft = () => objects.bucket.uploads.size;
const bytesOf = async (key: string) => {
	const { Body } = await objects.s3.send('GetObject', { Bucket: bucket, Key: key }, call);
	return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

beforeEach(async () => {
	await putFull(objects.s3, content);
	objects.server.requests.length = 0;
});

it('a copy in parts has all bytes, content headers, metadata and tags of the source', async () => {
	expect(await copy()).toMatchObject({ size: content.length, copiedBy: 'server', parts: 3 });
	expect((await bytesOf('copy')).equals(content)).toBe(true);
	expect(keptHeaders(objects.server, 'copy')).toEqual(keptHeaders(objects.server, 'key'));
	expect(objects.stored('copy')?.tags).toEqual({ 'a b': 'c+d' });
});

it('a copy in parts pins every part to the source', async () => {
	objects.bucket.versioning = 'Enabled';
	await putFull(objects.s3, content);
	const { versionId, etag } = objects.stored('key')!;
	await copy({ source: { versionId } });
	const parts = objects.sent(operation).map(({ headers }) => headers);
	expect(parts.map((headers) => headers['x-amz-copy-source-range']).sort()).toEqual([
		'bytes=0-5242879',
		'bytes=10485760-11534335',
		'bytes=5242880-10485759',
	]);
	for (const headers of parts) {
		expect(headers['x-amz-copy-source-if-match']).toBe(`"${etag}"`);
		expect(headers['x-amz-copy-source']).toBe(`${bucket}/key?versionId=${versionId}`);
	}
});

it('a copy in parts works on a server that knows an ETag only in quotes, as S3Proxy', async () => {
	objects.server.faults.add({
		operation,
		when: ({ headers }) => !/^".*"$/.test(headers['x-amz-copy-source-if-match'] ?? '""'),
		effect: { kind: 'answer', status: 412, code: 'PreconditionFailed' },
	});
	expect(await copy()).toMatchObject({ copiedBy: 'server', parts: 3 });
});

it('a copy in parts is made without checksums on a server that gives parts that of the whole, as VersityGW', async () => {
	await putFull(objects.s3, content, { ChecksumAlgorithm: 'CRC32' });
	const sum = objects.stored('key')?.checksum?.value ?? '';
	const body = `<CopyPartResult><ETag>"e"</ETag><ChecksumCRC32>${sum}</ChecksumCRC32></CopyPartResult>`;
	objects.server.faults.add({
		operation,
		times: 1,
		effect: { kind: 'answer', status: 200, body },
	});
	// The server is remembered for the connection.
	const s3 = await objects.server.connect();
	expect(await copyOver(s3, inParts)).toMatchObject({ copiedBy: 'server', parts: 3 });
	expect((await bytesOf('copy')).equals(content)).toBe(true);
	expect(objects.stored('copy')?.checksum).toBeUndefined();
	expect(uploadsLeft()).toBe(0);
});

it('a copy in parts of another version than the one asked for is not made', async () => {
	objects.bucket.versioning = 'Enabled';
	await putFull(objects.s3, content);
	const { versionId } = objects.stored('key')!;
	const headers = { 'x-amz-copy-source-version-id': 'another' };
	const body = '<CopyPartResult><ETag>"e"</ETag></CopyPartResult>';
	objects.server.faults.add({
		operation,
		effect: { kind: 'answer', status: 200, headers, body },
	});
	const failure = await rejectionOf(copy({ source: { versionId } }));
	expect(failure.message).toContain('the server has copied another one');
	expect(objects.stored('copy')).toBeUndefined();
	expect(uploadsLeft()).toBe(0);
});

it('a copy in parts does not read tags that it does not keep', async () => {
	await copy({ tagsDirective: 'drop' });
	await copy({ tagsDirective: 'replace', tags: { a: 'b' }, key: 'other' });
	expect(objects.sent('GetObjectTagging').filter(({ key }) => key === 'key')).toEqual([]);
	expect(objects.stored('copy')?.tags).toEqual({});
	expect(objects.stored('other')?.tags).toEqual({ a: 'b' });
});

it('a copy in parts has new metadata, class, encryption and lock', async () => {
	await copyOver(asAws(objects.s3), {
		...inParts,
		metadataDirective: 'replace',
		contentType: 'text/b',
		keepStorageClass: true,
		encryption: { kind: 's3' },
		objectLock: { legalHold: true },
	});
	expect(keptHeaders(objects.server, 'copy')).toEqual({ 'content-type': 'text/b' });
	expect(objects.stored('copy')?.headers).toMatchObject({
		'x-amz-storage-class': 'STANDARD_IA',
		'x-amz-server-side-encryption': 'AES256',
		'x-amz-object-lock-legal-hold': 'ON',
	});
});

it('a copy in parts gets a checksum of the algorithm of the source', async () => {
	await putFull(objects.s3, content, { ChecksumAlgorithm: 'CRC32' });
	await copy();
	expect(objects.stored('copy')?.checksum).toEqual(objects.stored('key')?.checksum);
	expect(objects.stored('copy')?.checksum).toMatchObject({ type: 'FULL_OBJECT' });
});

it('a copy in parts of one part asks for no range', async () => {
	await objects.put('key', 'small');
	expect(await copy({ multipartThreshold: 1 })).toMatchObject({ size: 5, parts: 1 });
	expect(objects.sent(operation)[0]?.headers['x-amz-copy-source-range']).toBeUndefined();
});

it('a copy in parts with keys of customers sends both', async () => {
	const [one, other] = [1, 2].map((fill) => Buffer.alloc(32, fill).toString('base64')) as [
		string,
		string,
	];
	await putFull(objects.s3, content, { SSECustomerAlgorithm: 'AES256', SSECustomerKey: one });
	await copy({ source: { customerKey: one }, encryption: { kind: 'customer', key: other } });
	expect(objects.stored('copy')?.content?.size).toBe(content.length);
});

it('a copy in parts names the permission for tags that it may not read', async () => {
	const effect = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
	objects.server.faults.add({ operation: 'GetObjectTagging', effect });
	const { advice } = await rejectionOf(copy());
	expect(advice).toContain('s3:GetObjectTagging');
	expect(advice).toContain('or set Tags to Drop');
	expect(objects.sent('CreateMultipartUpload')).toEqual([]);
});

it('a copy in parts has no tags if the server has none', async () => {
	const effect = { kind: 'answer', status: 501, code: 'NotImplemented' } as const;
	objects.server.faults.add({ operation: 'GetObjectTagging', effect });
	expect(await copy()).toMatchObject({ copiedBy: 'server', parts: 3 });
});

it('a part that the server failed at, or whose response was lost, is copied again alone', async () => {
	objects.server.faults.add(
		{ operation, times: 1, effect: { kind: 'loseAnswer' } },
		{ operation, times: 1, effect: { kind: 'errorIn200', code: 'InternalError' } },
		{ operation, times: 1, effect: { kind: 'truncate', afterBytes: 60 } },
	);
	await copy();
	expect((await bytesOf('copy')).equals(content)).toBe(true);
	expect(objects.sent('CreateMultipartUpload')).toHaveLength(1);
});

it('a copy in parts fails and leaves nothing if a response does not say what was stored', async () => {
	for (const body of ['', '<CopyPartResult/>', '<CopyPartResult><ETag>']) {
		const effect = { kind: 'answer', status: 200, body } as const;
		objects.server.faults.add({ operation, effect });
		expect(await rejectionOf(copy())).toMatchObject({ operation });
		objects.server.faults.clear();
		expect(uploadsLeft()).toBe(0);
		expect(objects.stored('copy')).toBeUndefined();
	}
});

it('a copy in parts that one part fails at for good is aborted', async () => {
	const effect = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
	objects.server.faults.add({ operation, skip: 1, times: 1, effect });
	const failure = await rejectionOf(copy());
	expect(failure).toMatchObject({ kind: 'denied', operation });
	expect(objects.sent('AbortMultipartUpload')).toHaveLength(1);
	expect(uploadsLeft()).toBe(0);
});

it('a copy in parts is aborted after its last part has ended, which a server would go on with and keep', async () => {
	const effect = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
	objects.server.faults.add(
		{ operation, times: 1, effect },
		{ operation, effect: { kind: 'latency', ms: 300 } },
	);
	let kept: number | undefined;
	objects.server.faults.add({
		operation: 'AbortMultipartUpload',
		when: () => {
			kept = [...objects.bucket.uploads.values()][0]?.parts.size;
			return false;
		},
		effect: { kind: 'stall' },
	});
	expect(await rejectionOf(copy())).toMatchObject({ kind: 'denied' });
	expect(kept).toBe(2);
	expect(uploadsLeft()).toBe(0);
});

it('a copy in parts begins again if the source is replaced meanwhile, and mixes nothing', async () => {
	const newer = randomBytes(6 * MiB);
	objects.server.faults.add({
		operation: 'CreateMultipartUpload',
		times: 1,
		effect: { kind: 'latency', ms: 100 },
	});
	const copying = copy();
	while (objects.sent('CreateMultipartUpload').length === 0) await new Promise(setImmediate);
	await putFull(objects.s3, newer);
	expect(await copying).toMatchObject({ size: newer.length, parts: 2 });
	expect((await bytesOf('copy')).equals(newer)).toBe(true);
	expect(uploadsLeft()).toBe(0);
});

it('a copy in parts that must not overwrite sends its condition with the completion', async () => {
	await objects.put('copy', 'other');
	const request = { ...inParts, overwrite: 'never' as const };
	const failure = await rejectionOf(copyOver(asAws(objects.s3), request));
	expect(failure).toMatchObject({ kind: 'precondition', operation: 'CompleteMultipartUpload' });
	expect(uploadsLeft()).toBe(0);
});

it('a copy in parts is made if the response to its completion was lost', async () => {
	const lost = { kind: 'loseAnswer' } as const;
	objects.server.faults.add({ operation: 'CompleteMultipartUpload', times: 1, effect: lost });
	expect(await copy()).toMatchObject({ etag: objects.stored('copy')?.etag });
});

it('a copy in parts that is cancelled is aborted', async () => {
	const controller = new AbortController();
	objects.server.faults.add({
		operation,
		when: () => {
			controller.abort();
			return false;
		},
		effect: { kind: 'stall' },
	});
	const failure = await rejectionOf(copyOver(objects.s3, inParts, controller));
	expect(failure.kind).toBe('cancelled');
	expect(uploadsLeft()).toBe(0);
});
