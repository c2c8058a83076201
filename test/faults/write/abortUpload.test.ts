import { setTimeout as sleep } from 'node:timers/promises';
import { putObject } from '../../../s3/upload/putObject';
import { startOutage } from '../../servers/outage';
import type { Outage } from '../../servers/outage';
import { rejectionOf } from '../../unit/failureOf';
import { MiB, patterned, sourceOf } from '../upload/sources';
import { bucket, uploadServer } from '../upload/uploadServer';

const uploads = uploadServer();
const content = patterned(5 * MiB);
const random = jest.spyOn(Math, 'random').mockReturnValue(0.1);
afterAll(() => random.mockRestore());

let outage: Outage;
beforeEach(async () => {
	outage = await startOutage(uploads.server.endpoint);
});
afterEach(() => outage.begin());

/** Begins an upload in parts that is cut off from its server when a part arrives there. */
async function cutOff(signal?: AbortSignal) {
	const s3 = await uploads.server.connect({ endpoint: outage.endpoint });
	const source = sourceOf(content);
	const request = { bucket, key: 'key', source, multipartThreshold: 1, partSize: MiB };
	const writing = rejectionOf(putObject(s3, request, { signal, retryFor: 100 }));
	while (uploads.sent('UploadPart').length === 0) await sleep(1);
	await outage.begin();
	return { writing };
}

const waitUntilNoneIsLeft = async () => {
	while (uploads.uploadsLeft().length > 0) await sleep(10);
};

it('an upload that was cut off is aborted when the server is there again', async () => {
	const { writing } = await cutOff();
	const [{ uploadId } = { uploadId: undefined }] = uploads.uploadsLeft();
	const failure = await writing;
	expect(failure.kind).toBe('unreachable');
	expect(failure.advice).toContain(`The multipart upload ${uploadId} is not aborted yet`);
	await outage.end();
	await waitUntilNoneIsLeft();
	expect(uploads.sent('AbortMultipartUpload')).toHaveLength(1);
});

it('an upload whose server comes back soon is aborted before its failure is thrown', async () => {
	const { faults } = uploads.server;
	const denied = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
	faults.add({ operation: 'UploadPart', effect: denied });
	const away = { kind: 'answer', status: 503, code: 'ServiceUnavailable' } as const;
	faults.add({ operation: 'AbortMultipartUpload', times: 3, effect: away });
	const request = { bucket, key: 'key', source: sourceOf(content), multipartThreshold: 1 };
	const failure = await rejectionOf(putObject(uploads.s3, request, { signal: undefined }));
	expect(failure.kind).toBe('denied');
	expect(failure.advice).not.toContain('aborted');
	expect(uploads.sent('AbortMultipartUpload')).toHaveLength(4);
	expect(uploads.uploadsLeft()).toEqual([]);
});

it('an upload that is cancelled during an outage does not wait long, and is aborted afterwards', async () => {
	const controller = new AbortController();
	const { writing } = await cutOff(controller.signal);
	controller.abort();
	expect((await writing).kind).toBe('cancelled');
	await outage.end();
	await waitUntilNoneIsLeft();
	expect(uploads.stored('key')).toBeUndefined();
});

it('an upload that was cancelled is aborted again, as a server may keep a part that came with the abort', async () => {
	const { faults } = uploads.server;
	faults.add({ operation: 'UploadPart', effect: { kind: 'stall' } });
	const kept = { kind: 'answer', status: 204, body: '' } as const;
	faults.add({ operation: 'AbortMultipartUpload', times: 1, effect: kept });
	const controller = new AbortController();
	const request = { bucket, key: 'key', source: sourceOf(content), multipartThreshold: 1 };
	const writing = rejectionOf(putObject(uploads.s3, request, { signal: controller.signal }));
	while (uploads.sent('UploadPart').length === 0) await sleep(1);
	controller.abort();
	expect((await writing).kind).toBe('cancelled');
	expect(uploads.uploadsLeft()).toHaveLength(1);
	await waitUntilNoneIsLeft();
});

it('an upload of somebody else to the same key is left alone', async () => {
	const target = { Bucket: bucket, Key: 'key' };
	const { UploadId } = await uploads.s3.send('CreateMultipartUpload', target, {
		signal: undefined,
	});
	uploads.server.faults.add({
		operation: 'UploadPart',
		effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
	});
	const request = { bucket, key: 'key', source: sourceOf(content), multipartThreshold: 1 };
	await rejectionOf(putObject(uploads.s3, request, { signal: undefined }));
	expect(uploads.uploadsLeft().map(({ uploadId }) => uploadId)).toEqual([UploadId]);
});
