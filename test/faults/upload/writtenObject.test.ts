/** Writes whose response was lost: the object there is compared with the one that was sent. */
import { putObject } from '../../../s3/upload/putObject';
import type { PutRequest } from '../../../s3/upload/putObject';
import type { S3Failure } from '../../../s3/S3Failure';
import { rejectionOf } from '../../unit/failureOf';
import { MiB, patterned, sourceOf } from './sources';
import { bucket, uploadServer } from './uploadServer';

const uploads = uploadServer();
const content = patterned(9 * MiB);
const inParts = { multipartThreshold: MiB, partSize: MiB };
const INTERNAL_ERROR = { kind: 'answer', status: 500, code: 'InternalError' } as const;
const NO_SUCH_UPLOAD = { kind: 'answer', status: 404, code: 'NoSuchUpload' } as const;

const put = (size: number, settings: Partial<PutRequest> = {}) =>
	putObject(
		uploads.s3,
		{ bucket, key: 'key', source: sourceOf(content.subarray(0, size)), ...settings },
		{ signal: undefined, retryFor: 1000 },
	);

function loseFirstResponseTo(operation: string): void {
	uploads.server.faults.add({ operation, times: 1, effect: { kind: 'loseAnswer' } });
}

/** As servers do that know nothing about an upload once it is complete. */
function forgetCompletedUploads(): void {
	uploads.server.faults.add({
		operation: 'CompleteMultipartUpload',
		when: () => {
			uploads.server.store.bucket(bucket).completed.clear();
			return false;
		},
		effect: { kind: 'stall' },
	});
}

function denyHead(): void {
	const effect = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
	uploads.server.faults.add({ operation: 'HeadObject', effect });
}

const countDoubts = ({ advice }: S3Failure) =>
	advice.match(/may be there whole all the same/g)?.length ?? 0;

describe('a completion whose response was lost', () => {
	const operation = 'CompleteMultipartUpload';

	it('a completion whose response was lost succeeds if the server remembers it', async () => {
		loseFirstResponseTo(operation);
		const result = await put(3 * MiB, inParts);
		expect(result).toMatchObject({ etag: uploads.stored('key')?.etag, parts: 3 });
		expect(uploads.sent('HeadObject')).toEqual([]);
	});

	it('a completion that the server has forgotten succeeds if the object is the one sent', async () => {
		forgetCompletedUploads();
		loseFirstResponseTo(operation);
		expect(await put(3 * MiB, inParts)).toEqual({
			bucket,
			key: 'key',
			size: 3 * MiB,
			parts: 3,
			etag: uploads.stored('key')?.etag,
			versionId: undefined,
			contentType: undefined,
			checksum: undefined,
		});
		expect(uploads.sent('AbortMultipartUpload')).toEqual([]);
	});

	it('a completion succeeds after an error with status 200 that came although it was done', async () => {
		forgetCompletedUploads();
		const effect = { kind: 'errorIn200', code: 'InternalError' } as const;
		uploads.server.faults.add({ operation, times: 1, effect });
		expect((await put(2 * MiB, inParts)).etag).toBe(uploads.stored('key')?.etag);
	});

	it('a completion succeeds if all its responses were lost', async () => {
		uploads.server.faults.add({ operation, effect: { kind: 'loseAnswer' } });
		expect((await put(2 * MiB, inParts)).etag).toBe(uploads.stored('key')?.etag);
	});

	it('a completion that was forgotten is in doubt without permission to look at the object', async () => {
		forgetCompletedUploads();
		loseFirstResponseTo(operation);
		denyHead();
		await expect(put(2 * MiB, inParts)).rejects.toMatchObject({
			code: 'NoSuchUpload',
			message: expect.stringContaining('may be there whole or not at all') as string,
			advice: expect.stringContaining('s3:GetObject') as string,
		});
		expect(uploads.stored('key')?.content?.size).toBe(2 * MiB);
	});

	it('a completion whose responses were all lost is in doubt, once, if the abort finds the upload gone', async () => {
		uploads.server.faults.add({ operation, effect: { kind: 'loseAnswer' } });
		denyHead();
		const failure = await rejectionOf(put(2 * MiB, inParts));
		expect(failure).toMatchObject({ kind: 'unreachable' });
		expect(countDoubts(failure)).toBe(1);
	});

	it('a completion is in doubt, once, also if the object was not there when it was looked for', async () => {
		const effect = { kind: 'answer', status: 404, code: 'NoSuchKey' } as const;
		uploads.server.faults.add(
			{ operation, effect: { kind: 'loseAnswer' } },
			{ operation: 'HeadObject', effect },
		);
		const failure = await rejectionOf(put(2 * MiB, inParts));
		expect(failure).toMatchObject({ kind: 'unreachable', operation });
		expect(countDoubts(failure)).toBe(1);
	});

	it('a completion is a failure if the object there is another one', async () => {
		await put(1000);
		uploads.server.faults.add(
			{ operation, times: 1, effect: INTERNAL_ERROR },
			{ operation, effect: NO_SUCH_UPLOAD },
		);
		await expect(put(2 * MiB, inParts)).rejects.toMatchObject({
			code: 'NoSuchUpload',
			message: expect.stringContaining('no longer exists on the server') as string,
		});
		expect(uploads.stored('key')?.content?.size).toBe(1000);
		expect(uploads.uploadsLeft()).toEqual([]);
	});

	it('a completion is in doubt if there is another object of as many parts', async () => {
		const { etag } = await put(2 * MiB, {
			source: sourceOf(Buffer.alloc(2 * MiB, 'other')),
			...inParts,
		});
		uploads.server.faults.add(
			{ operation, times: 1, effect: INTERNAL_ERROR },
			{ operation, effect: NO_SUCH_UPLOAD },
		);
		await expect(put(2 * MiB, inParts)).rejects.toMatchObject({
			message: expect.stringContaining('may be there whole or not at all') as string,
		});
		expect(uploads.stored('key')?.etag).toBe(etag);
	});

	it('a completion is not in doubt if nothing is there and the upload could be aborted', async () => {
		uploads.server.faults.add({ operation, effect: INTERNAL_ERROR });
		const failure = await rejectionOf(put(2 * MiB, inParts));
		expect(failure).toMatchObject({ kind: 'unavailable' });
		expect(failure.advice).not.toContain('may be there');
		expect(uploads.uploadsLeft()).toEqual([]);
	});

	it('a completion is a failure at once if the upload was gone at the first attempt', async () => {
		uploads.server.faults.add({ operation, effect: NO_SUCH_UPLOAD });
		await expect(put(2 * MiB, inParts)).rejects.toMatchObject({ code: 'NoSuchUpload' });
		expect(uploads.sent('HeadObject')).toEqual([]);
	});
});

describe.each([
	['from memory', 1000],
	['as a stream', content.length],
])('a conditional write %s whose response was lost', (way, size) => {
	const operation = 'PutObject';
	const conditional = { overwrite: 'never' } as const;

	it(`a conditional write ${way} succeeds if it met its own object`, async () => {
		loseFirstResponseTo(operation);
		const result = await put(size, conditional);
		expect(result).toMatchObject({ size, etag: uploads.stored('key')?.etag, parts: 1 });
		expect(uploads.sent('PutObject')).toHaveLength(2);
	});

	it(`a conditional write ${way} succeeds in replacing the object with the given ETag`, async () => {
		const { etag } = await put(10);
		loseFirstResponseTo(operation);
		const result = await put(size, { overwrite: 'ifMatch', etag });
		expect(result.etag).toBe(uploads.stored('key')?.etag);
		expect(result.etag).not.toBe(etag);
	});

	it(`a conditional write ${way} compares checksums if the object has one`, async () => {
		loseFirstResponseTo(operation);
		const { checksum } = await put(size, { ...conditional, checksum: 'SHA256' });
		expect(checksum).toEqual({
			algorithm: 'SHA256',
			type: 'FULL_OBJECT',
			value: uploads.stored('key')?.checksum?.value,
		});
	});

	it(`a conditional write ${way} under a customer’s own key is compared by checksum, or in doubt`, async () => {
		const key = Buffer.alloc(32, 9).toString('base64');
		const own = { ...conditional, encryption: { kind: 'customer', key } } as const;
		loseFirstResponseTo(operation);
		const result = await put(size, { ...own, key: 'with a checksum', checksum: 'SHA256' });
		expect(result.etag).toBe(uploads.stored('with a checksum')?.etag);
		loseFirstResponseTo(operation);
		await expect(put(size, { ...own, key: 'without' })).rejects.toMatchObject({
			kind: 'precondition',
			message: expect.stringContaining('may be the one just written') as string,
		});
	});

	it(`a conditional write ${way} is refused if another object is in its way`, async () => {
		await put(10);
		const effect = { kind: 'resetRequest', afterBytes: 1e9 } as const;
		uploads.server.faults.add({ operation, times: 1, effect });
		await expect(put(size, conditional)).rejects.toMatchObject({
			kind: 'precondition',
			message: expect.stringContaining('there is an object with this key already') as string,
		});
		expect(uploads.sent('HeadObject')).toHaveLength(1);
		expect(uploads.stored('key')?.content?.size).toBe(10);
	});

	it(`a conditional write ${way} is in doubt without permission to look at the object`, async () => {
		denyHead();
		loseFirstResponseTo(operation);
		await expect(put(size, conditional)).rejects.toMatchObject({
			kind: 'precondition',
			message: expect.stringContaining('may be the one just written') as string,
		});
	});

	it(`a conditional write ${way} is begun again if another write to the key was under way`, async () => {
		const effect = { kind: 'answer', status: 409, code: 'ConditionalRequestConflict' } as const;
		uploads.server.faults.add({ operation, times: 2, effect });
		await put(size, conditional);
		expect(uploads.stored('key')?.content?.size).toBe(size);
	});
});
