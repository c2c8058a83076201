import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { putObject } from '../../../s3/upload/putObject';
import type { ByteSource, PutRequest } from '../../../s3/upload/putObject';
import type { Fault } from '../../servers/embedded';
import { asAws } from '../asAws';
import {
	fileSource,
	KiB,
	MiB,
	patterned,
	SMALL_LIMITS,
	sourceOf,
	sourceOfUnknownSize,
} from './sources';
import { bucket, uploadServer } from './uploadServer';

const uploads = uploadServer();
const content = patterned(5 * MiB);
const call = { signal: undefined, retryFor: 1000 };
const inParts = { multipartThreshold: 1, partSize: MiB };

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'parts-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Puts an object of five parts. */
const put = (key: string, settings: Partial<PutRequest> = {}, signal?: AbortSignal) =>
	putObject(
		uploads.s3,
		{ bucket, key, source: sourceOf(content), ...inParts, ...settings },
		{ signal, retryFor: 1000 },
	);

async function writtenFile(name: string, size: number): Promise<ByteSource> {
	const path = join(folder, name);
	await writeFile(path, Buffer.alloc(size, 1));
	return fileSource(path, size);
}

/** Cancels when the server receives a request of this operation, which then meets the effect. */
function cancelAt(operation: string, effect: Fault['effect']): AbortController {
	const controller = new AbortController();
	const when = () => {
		controller.abort();
		return true;
	};
	uploads.server.faults.add({ operation, when, effect });
	return controller;
}

describe('the parts of a multipart upload', () => {
	it('a multipart upload repeats only the part that failed', async () => {
		const effect = { kind: 'loseAnswer' } as const;
		uploads.server.faults.add({ operation: 'UploadPart', skip: 2, times: 1, effect });
		await put('key');
		const numbers = uploads.sent('UploadPart').map(({ query }) => query.partNumber);
		expect(numbers).toHaveLength(6);
		expect(new Set(numbers).size).toBe(5);
	});

	it('a multipart upload puts more than 1,000 parts together in their order', async () => {
		const bytes = content.subarray(0, 1037 * KiB + 11);
		const { parts } = await put('key', { source: sourceOf(bytes), partSize: KiB });
		expect(parts).toBe(1038);
		expect(uploads.storedBytes('key').equals(bytes)).toBe(true);
	});

	it('a multipart upload from memory has four parts in flight', async () => {
		let inFlight = 0;
		const when = () => {
			inFlight = Math.max(inFlight, uploads.sent().filter(({ status }) => status === 0).length);
			return true;
		};
		const effect = { kind: 'latency', ms: 300 } as const;
		uploads.server.faults.add({ operation: 'UploadPart', when, times: 4, effect });
		expect((await put('key', { partSize: 512 * KiB })).parts).toBe(10);
		expect(inFlight).toBe(4);
	});

	it('a multipart upload names the customer’s own key with every request', async () => {
		const key = Buffer.alloc(32, 7).toString('base64');
		const source = sourceOf(content.subarray(0, 2 * MiB));
		await put('secret', { source, encryption: { kind: 'customer', key } });
		const header = 'x-amz-server-side-encryption-customer-key';
		const keys = uploads.sent().map(({ operation, headers }) => [operation, headers[header]]);
		expect(keys).toEqual([
			['CreateMultipartUpload', key],
			['UploadPart', key],
			['UploadPart', key],
			['CompleteMultipartUpload', key],
		]);
	});
});

describe('the beginning of a multipart upload', () => {
	it('a multipart upload that is begun twice, because the first response was lost, leaves one without parts', async () => {
		const effect = { kind: 'loseAnswer' } as const;
		uploads.server.faults.add({ operation: 'CreateMultipartUpload', times: 1, effect });
		await put('key');
		expect(uploads.storedBytes('key').equals(content)).toBe(true);
		const left = uploads.uploadsLeft().map(({ key, parts }) => ({ key, parts: parts.size }));
		expect(left).toEqual([{ key: 'key', parts: 0 }]);
		// Whose it is cannot be told from what others have begun for the same key.
		expect(uploads.sent('AbortMultipartUpload')).toEqual([]);
	});

	it('a multipart upload leaves alone what others are uploading to the same key', async () => {
		const lost = { kind: 'loseAnswer' } as const;
		uploads.server.faults.add(
			{ operation: 'CreateMultipartUpload', skip: 1, times: 1, effect: lost },
			{ operation: 'UploadPart', times: 4, effect: { kind: 'latency', ms: 300 } },
		);
		const both = await Promise.all([put('key'), put('key')]);
		expect(both.map(({ parts }) => parts)).toEqual([5, 5]);
		expect(uploads.sent('AbortMultipartUpload')).toEqual([]);
		expect(uploads.uploadsLeft()).toHaveLength(1);
	});

	it('a multipart upload without an ID is an error', async () => {
		const body = '<InitiateMultipartUploadResult/>';
		const effect = { kind: 'answer', status: 200, body } as const;
		uploads.server.faults.add({ operation: 'CreateMultipartUpload', effect });
		await expect(put('key')).rejects.toMatchObject({ kind: 'corrupt' });
		expect(uploads.sent('UploadPart')).toEqual([]);
	});

	it('a multipart upload that is cancelled while it begins is aborted all the same', async () => {
		const controller = cancelAt('CreateMultipartUpload', { kind: 'latency', ms: 50 });
		const writing = put('key', {}, controller.signal);
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expect(uploads.sent().map(({ operation }) => operation)).toEqual([
			'CreateMultipartUpload',
			'AbortMultipartUpload',
		]);
		expect(uploads.uploadsLeft()).toEqual([]);
	});

	it('a multipart upload that is cancelled while the server does not respond is given up soon', async () => {
		const controller = cancelAt('CreateMultipartUpload', { kind: 'stall' });
		const begun = performance.now();
		const writing = put('key', {}, controller.signal);
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expect(performance.now() - begun).toBeLessThan(5000);
	});

	it('a multipart upload that is cancelled while others use all the memory is given up at once', async () => {
		const release = await uploads.s3.writeMemory.reserve(96 * MiB);
		const controller = new AbortController();
		const writing = put('key', {}, controller.signal);
		await new Promise(setImmediate);
		controller.abort();
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expect(uploads.sent()).toEqual([]);
		release();
	});
});

describe('the end of a multipart upload', () => {
	it('a completion with status 200 and an error in its body is an error, and the upload is aborted', async () => {
		uploads.server.faults.add({
			operation: 'CompleteMultipartUpload',
			effect: { kind: 'answer', status: 200, code: 'InternalError' },
		});
		await expect(put('key')).rejects.toMatchObject({ code: 'InternalError' });
		expect(uploads.stored('key')).toBeUndefined();
		expect(uploads.uploadsLeft()).toEqual([]);
	});

	it('a completion with a web page as response is looked for, and the upload is aborted if it was none', async () => {
		const headers = { 'content-type': 'text/html' };
		uploads.server.faults.add({
			operation: 'CompleteMultipartUpload',
			effect: { kind: 'answer', status: 200, headers, body: '<html>Sign in</html>' },
		});
		await expect(put('key')).rejects.toMatchObject({ kind: 'corrupt', status: 200 });
		expect(uploads.sent('HeadObject')).toHaveLength(1);
		expect(uploads.sent('CompleteMultipartUpload')).toHaveLength(1);
		expect(uploads.uploadsLeft()).toEqual([]);
	});

	it('a multipart upload that cannot be aborted is named in the failure', async () => {
		uploads.server.faults.add(
			{ operation: 'UploadPart', effect: { kind: 'answer', status: 400, code: 'X' } },
			{
				operation: 'AbortMultipartUpload',
				effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
			},
		);
		const writing = put('key');
		await expect(writing).rejects.toMatchObject({
			code: 'X',
			cause: { kind: 'denied', operation: 'AbortMultipartUpload' },
		});
		const [left] = uploads.uploadsLeft();
		await expect(writing).rejects.toMatchObject({
			advice: expect.stringContaining(`upload ${left?.uploadId} could not be aborted`) as string,
		});
	});

	it.each([
		['never', undefined],
		['ifMatch', '0123456789abcdef0123456789abcdef'],
	] as const)('the condition %s holds for a completion on AWS', async (overwrite, etag) => {
		await putObject(uploads.s3, { bucket, key: 'key', source: sourceOf(Buffer.from('a')) }, call);
		const older = uploads.stored('key');
		const source = sourceOf(content);
		const request = { bucket, key: 'key', source, overwrite, etag, multipartThreshold: 1 };
		await expect(putObject(asAws(uploads.s3), request, call)).rejects.toMatchObject({
			operation: 'CompleteMultipartUpload',
			status: 412,
		});
		expect(uploads.stored('key')).toBe(older);
		expect(uploads.uploadsLeft()).toEqual([]);
		const fitting =
			overwrite === 'never' ? { ...request, key: 'free' } : { ...request, etag: older?.etag };
		await putObject(asAws(uploads.s3), fitting, call);
		expect(uploads.stored(fitting.key)?.content?.size).toBe(content.length);
	});

	it('a multipart upload is begun again if another write to the key was under way', async () => {
		uploads.server.faults.add({
			operation: 'CompleteMultipartUpload',
			times: 1,
			effect: { kind: 'answer', status: 409, code: 'ConditionalRequestConflict' },
		});
		expect((await put('key')).parts).toBe(5);
		expect(uploads.sent('CreateMultipartUpload')).toHaveLength(2);
		expect(uploads.uploadsLeft()).toEqual([]);
	});

	it('a multipart upload is not begun again for ever if a server always says that another write is under way', async () => {
		uploads.server.faults.add({
			operation: 'CompleteMultipartUpload',
			effect: { kind: 'answer', status: 409, code: 'ConditionalRequestConflict' },
		});
		await expect(put('key')).rejects.toMatchObject({ code: 'ConditionalRequestConflict' });
		expect(uploads.uploadsLeft()).toEqual([]);
	});
});

describe('a multipart upload of which one part is refused', () => {
	const partSize = 64 * KiB;
	const refused: Fault['effect'] = { kind: 'answer', status: 403, code: 'AccessDenied' };

	it('a multipart upload does not wait for its source after a part was refused', async () => {
		uploads.server.faults.add({ operation: 'UploadPart', effect: refused });
		let left = 2 * partSize + 5;
		const stuck = new Readable({
			read() {
				const next = Math.min(left, 64 * KiB);
				left -= next;
				if (next > 0) this.push(Buffer.alloc(next, 1));
			},
		});
		const source = { size: 40 * partSize, open: () => Promise.resolve(stuck) };
		await expect(put('key', { source, partSize })).rejects.toMatchObject({ kind: 'denied' });
		expect(stuck.destroyed).toBe(true);
		expect(uploads.uploadsLeft()).toEqual([]);
	});

	it.each([
		['in memory', undefined, 40],
		['as streams', SMALL_LIMITS, 20],
	])('a multipart upload sends few other parts of a file, %s', async (name, limits, parts) => {
		uploads.server.faults.add({ operation: 'UploadPart', times: 1, effect: refused });
		const source = await writtenFile(name, 40 * partSize);
		const wanted = limits === undefined ? { partSize } : {};
		const request = { bucket, key: 'key', source, multipartThreshold: 1, ...wanted };
		const writing = putObject(uploads.s3, request, call, limits);
		await expect(writing).rejects.toMatchObject({ kind: 'denied' });
		expect(uploads.sent('UploadPart').length).toBeLessThan(parts / 2);
		expect(uploads.uploadsLeft()).toEqual([]);
	});

	it.each([
		['in memory', undefined],
		['as streams', SMALL_LIMITS],
	])('a multipart upload does not wait for parts in flight, %s', async (name, limits) => {
		uploads.server.faults.add(
			{ operation: 'UploadPart', skip: 3, times: 1, effect: refused },
			{ operation: 'UploadPart', effect: { kind: 'stall' } },
		);
		const source = await writtenFile(`in flight ${name}`, 40 * partSize);
		const wanted = limits === undefined ? { partSize } : {};
		const request = { bucket, key: 'key', source, multipartThreshold: 1, ...wanted };
		const writing = putObject(uploads.s3, request, call, limits);
		await expect(writing).rejects.toMatchObject({ kind: 'denied' });
		expect(uploads.uploadsLeft()).toEqual([]);
	});
});

it('a source without end is given up soon after the size it announced', async () => {
	let given = 0;
	function* endless() {
		for (; given < 100 * MiB; given += 64 * KiB) yield Buffer.alloc(64 * KiB, 1);
	}
	const open = () => Promise.resolve(Readable.from(endless(), { objectMode: false }));
	const writing = put('key', { source: { size: 5 * MiB, open } });
	await expect(writing).rejects.toMatchObject({ kind: 'corrupt' });
	expect(given).toBeLessThan(16 * MiB);
	expect(uploads.uploadsLeft()).toEqual([]);
});

it('an object of unknown size that turns out too large for S3 is refused, and leaves nothing', async () => {
	const source = sourceOfUnknownSize(content);
	const limits = { ...SMALL_LIMITS, maxPartSize: 128 * KiB };
	const writing = putObject(uploads.s3, { bucket, key: 'key', source }, call, limits);
	await expect(writing).rejects.toMatchObject({ kind: 'invalid' });
	expect(uploads.stored('key')).toBeUndefined();
	expect(uploads.uploadsLeft()).toEqual([]);
});
