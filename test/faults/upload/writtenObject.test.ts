import { Readable } from 'node:stream';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import type { S3Failure } from '../../s3/S3Failure';
import { putObject } from '../../s3/upload/putObject';
import type { PutRequest } from '../../s3/upload/putObject';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { connectionTo } from './connection';

const MiB = 1024 * 1024;
const bucket = 'answers';
const content = Buffer.from(Array.from({ length: 9 * MiB }, (_, i) => (i * 37) % 253));
/** As on AWS, where conditions hold for the completion of parts too. */
const inParts = { multipartThreshold: MiB, partSize: MiB };

let server: EmbeddedServer;
let s3: S3;

beforeAll(async () => {
	server = await startEmbedded({ minimumPartSize: 1 });
	server.store.makeBucket(bucket);
	s3 = await openS3(connectionTo(server));
});
afterAll(() => server.stop());
beforeEach(() => {
	server.faults.clear();
	server.requests.length = 0;
});

function put(key: string, size: number, settings: Partial<PutRequest> = {}) {
	const bytes = content.subarray(0, size);
	const open = () => Promise.resolve(Readable.from([bytes], { objectMode: false }));
	return putObject(s3, { bucket, key, source: { size, open }, ...settings }, { signal: undefined });
}

const stored = (key: string) => server.store.bucket(bucket).get(key);
const uploadsLeft = () => server.store.bucket(bucket).uploads.size;
const sent = (operation: string) =>
	server.requests.filter((request) => request.operation === operation).length;

function loseFirstAnswerTo(operation: string): void {
	server.faults.add({ operation, times: 1, effect: { kind: 'loseAnswer' } });
}

/** As servers do that know nothing of an upload once it is complete. */
function forgetCompletedUploads(): void {
	server.faults.add({
		operation: 'CompleteMultipartUpload',
		when: () => {
			server.store.bucket(bucket).completed.clear();
			return false;
		},
		effect: { kind: 'stall' },
	});
}

const denyLooking = () => {
	server.faults.add({
		operation: 'HeadObject',
		effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
	});
};

describe('a completion whose answer was lost', () => {
	it('succeeds where the server remembers it', async () => {
		loseFirstAnswerTo('CompleteMultipartUpload');
		const result = await put('remembered', 3 * MiB, inParts);
		expect(result).toMatchObject({ etag: stored('remembered')?.etag, parts: 3 });
		expect(sent('HeadObject')).toBe(0);
	});

	it('succeeds where the server has forgotten it, and the object is the one sent', async () => {
		forgetCompletedUploads();
		loseFirstAnswerTo('CompleteMultipartUpload');
		const result = await put('forgotten', 3 * MiB, inParts);
		expect(result).toMatchObject({
			size: 3 * MiB,
			parts: 3,
			etag: stored('forgotten')?.etag,
			versionId: undefined,
		});
		expect(sent('AbortMultipartUpload')).toBe(0);
	});

	it('succeeds after an error with status 200 that came although it was done', async () => {
		forgetCompletedUploads();
		server.faults.add({
			operation: 'CompleteMultipartUpload',
			times: 1,
			effect: { kind: 'errorIn200', code: 'InternalError' },
		});
		expect((await put('in-200', 2 * MiB, inParts)).etag).toBe(stored('in-200')?.etag);
	});

	it('succeeds when no attempt got an answer', async () => {
		server.faults.add({ operation: 'CompleteMultipartUpload', effect: { kind: 'loseAnswer' } });
		expect((await put('silent', 2 * MiB, inParts)).etag).toBe(stored('silent')?.etag);
	});

	it('says that the object may be there when it may not be looked at', async () => {
		forgetCompletedUploads();
		loseFirstAnswerTo('CompleteMultipartUpload');
		denyLooking();
		await expect(put('unseen', 2 * MiB, inParts)).rejects.toMatchObject({
			code: 'NoSuchUpload',
			message: expect.stringContaining('may be there whole or not at all') as string,
			advice: expect.stringContaining('s3:GetObject') as string,
		});
		expect(stored('unseen')?.content?.size).toBe(2 * MiB);
	});

	it('says so too when the abort finds the upload gone', async () => {
		server.faults.add({ operation: 'CompleteMultipartUpload', effect: { kind: 'loseAnswer' } });
		denyLooking();
		const failure = await put('gone', 2 * MiB, inParts).catch((error: unknown) => error);
		expect(failure).toMatchObject({ kind: 'unreachable' });
		const said = (failure as S3Failure).advice.match(/may be there whole all the same/g);
		expect(said).toHaveLength(1);
	});

	it('is a failure when the object there is another one', async () => {
		await put('another', 1000);
		server.faults.add({
			operation: 'CompleteMultipartUpload',
			times: 1,
			effect: { kind: 'answer', status: 500, code: 'InternalError' },
		});
		server.faults.add({
			operation: 'CompleteMultipartUpload',
			effect: { kind: 'answer', status: 404, code: 'NoSuchUpload' },
		});
		await expect(put('another', 2 * MiB, inParts)).rejects.toMatchObject({
			code: 'NoSuchUpload',
			message: expect.stringContaining('no longer exists on the server') as string,
		});
		expect(stored('another')?.content?.size).toBe(1000);
		expect(uploadsLeft()).toBe(0);
	});

	it('says that the object may be there when there is one of as many parts', async () => {
		const other = Buffer.alloc(2 * MiB, 'other');
		const open = () => Promise.resolve(Readable.from([other], { objectMode: false }));
		const source = { size: other.length, open };
		const request = { bucket, key: 'as many', source, ...inParts };
		const { etag } = await putObject(s3, request, { signal: undefined });
		server.faults.add(
			{
				operation: 'CompleteMultipartUpload',
				times: 1,
				effect: { kind: 'answer', status: 500, code: 'InternalError' },
			},
			{
				operation: 'CompleteMultipartUpload',
				effect: { kind: 'answer', status: 404, code: 'NoSuchUpload' },
			},
		);
		await expect(put('as many', 2 * MiB, inParts)).rejects.toMatchObject({
			message: expect.stringContaining('may be there whole or not at all') as string,
		});
		expect(stored('as many')?.etag).toBe(etag);
	});

	it('says once that it may be there, also where it was not when it was looked for', async () => {
		server.faults.add(
			{ operation: 'CompleteMultipartUpload', effect: { kind: 'loseAnswer' } },
			{
				operation: 'HeadObject',
				effect: { kind: 'answer', status: 404, code: 'NoSuchKey' },
			},
		);
		const failure = await put('late', 2 * MiB, inParts).catch((error: unknown) => error);
		expect(failure).toMatchObject({ kind: 'unreachable', operation: 'CompleteMultipartUpload' });
		const said = (failure as S3Failure).advice.match(/may be there whole all the same/g);
		expect(said).toHaveLength(1);
	});

	it('is no doubt where nothing is there and the upload could be aborted', async () => {
		const effect = { kind: 'answer', status: 500, code: 'InternalError' } as const;
		server.faults.add({ operation: 'CompleteMultipartUpload', effect });
		const failure = await put('nowhere', 2 * MiB, inParts).catch((error: unknown) => error);
		expect(failure).toMatchObject({ kind: 'unavailable' });
		expect((failure as S3Failure).advice).not.toContain('may be there');
		expect(uploadsLeft()).toBe(0);
	});

	it('is a failure at once when the upload was gone at the first attempt', async () => {
		server.faults.add({
			operation: 'CompleteMultipartUpload',
			effect: { kind: 'answer', status: 404, code: 'NoSuchUpload' },
		});
		await expect(put('ended', 2 * MiB, inParts)).rejects.toMatchObject({ code: 'NoSuchUpload' });
		expect(sent('HeadObject')).toBe(0);
	});
});

describe.each([
	['from memory', 1000],
	['as a stream', content.length],
])('a conditional write %s whose answer was lost', (name, size) => {
	it('succeeds when what is in its way is its own object', async () => {
		loseFirstAnswerTo('PutObject');
		const result = await put(`own-${name}`, size, { overwrite: 'never' });
		expect(result).toMatchObject({ size, etag: stored(`own-${name}`)?.etag, parts: 1 });
		expect(sent('PutObject')).toBe(2);
	});

	it('succeeds in replacing the object with the given ETag', async () => {
		const { etag } = await put(`if-${name}`, 10);
		loseFirstAnswerTo('PutObject');
		const result = await put(`if-${name}`, size, { overwrite: 'ifMatch', etag });
		expect(result.etag).toBe(stored(`if-${name}`)?.etag);
		expect(result.etag).not.toBe(etag);
	});

	it('compares checksums where the object has one', async () => {
		loseFirstAnswerTo('PutObject');
		const result = await put(`sum-${name}`, size, { overwrite: 'never', checksum: 'SHA256' });
		expect(result.checksum?.value).toBe(stored(`sum-${name}`)?.checksum?.value);
	});

	it('compares them under a customer’s own key too, where the ETag tells nothing', async () => {
		const key = Buffer.alloc(32, 9).toString('base64');
		const own = { overwrite: 'never', encryption: { kind: 'customer', key } } as const;
		loseFirstAnswerTo('PutObject');
		const result = await put(`own-key-${name}`, size, { ...own, checksum: 'SHA256' });
		expect(result.etag).toBe(stored(`own-key-${name}`)?.etag);
		loseFirstAnswerTo('PutObject');
		await expect(put(`no-sum-${name}`, size, own)).rejects.toMatchObject({
			kind: 'precondition',
			message: expect.stringContaining('may be the one just written') as string,
		});
	});

	it('is refused when another object is in its way', async () => {
		await put(`other-${name}`, 10);
		server.faults.add({
			operation: 'PutObject',
			times: 1,
			effect: { kind: 'resetRequest', afterBytes: 1e9 },
		});
		await expect(put(`other-${name}`, size, { overwrite: 'never' })).rejects.toMatchObject({
			kind: 'precondition',
			message: expect.stringContaining('there is an object with this key already') as string,
		});
		expect(sent('HeadObject')).toBe(1);
		expect(stored(`other-${name}`)?.content?.size).toBe(10);
	});

	it('says that the object may be its own when it may not be looked at', async () => {
		denyLooking();
		loseFirstAnswerTo('PutObject');
		await expect(put(`unseen-${name}`, size, { overwrite: 'never' })).rejects.toMatchObject({
			kind: 'precondition',
			message: expect.stringContaining('may be the one just written') as string,
		});
	});

	it('is begun again when another write to the key was under way', async () => {
		server.faults.add({
			operation: 'PutObject',
			times: 2,
			effect: { kind: 'answer', status: 409, code: 'ConditionalRequestConflict' },
		});
		await put(`conflict-${name}`, size, { overwrite: 'never' });
		expect(stored(`conflict-${name}`)?.content?.size).toBe(size);
	});
});

it('an upload in parts is begun again when another write to the key was under way', async () => {
	server.faults.add({
		operation: 'CompleteMultipartUpload',
		times: 1,
		effect: { kind: 'answer', status: 409, code: 'ConditionalRequestConflict' },
	});
	expect((await put('conflict', 2 * MiB, inParts)).parts).toBe(2);
	expect(sent('CreateMultipartUpload')).toBe(2);
	expect(uploadsLeft()).toBe(0);
});
