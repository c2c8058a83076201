import { Readable } from 'node:stream';
import { overwriteCondition } from '../../../../s3/headers/overwriteCondition';
import { objectHeaders } from '../../../../s3/write/objectHeaders';
import type { UploadPlan } from '../../../../s3/upload/partRequests';
import { PART_LIMITS } from '../../../../s3/write/partSizes';
import type { PutRequest } from '../../../../s3/upload/putObject';
import { checksumOnce } from '../../../../s3/upload/requestChecksum';
import { putPart, putStream } from '../../../../s3/upload/singlePut';
import { rejectionOf } from '../../failureOf';
import { recordingS3 } from './recordingS3';

const call = { signal: undefined };

function planOf(chunks: string[], size: number, settings: Partial<PutRequest> = {}): UploadPlan {
	const open = () => Promise.resolve(Readable.from(chunks.map((chunk) => Buffer.from(chunk))));
	const request = { bucket: 'b', key: 'k', source: { size, open }, ...settings };
	const headers = objectHeaders(request);
	return { request, headers, condition: overwriteCondition(request), limits: PART_LIMITS };
}

describe('putPart', () => {
	const partOf = (text: string, last = true) => ({
		body: Buffer.from(text),
		last,
		release: jest.fn(),
	});

	it('putPart sends headers, condition, checksum and body in one request', async () => {
		const { s3, sent } = recordingS3();
		const part = partOf('abc');
		const plan = planOf([], 3, { overwrite: 'never', contentType: 'text/plain' });
		const result = await putPart(s3, plan, part, call);
		expect(result).toMatchObject({ size: 3, parts: 1, etag: '1', contentType: 'text/plain' });
		expect(sent).toHaveLength(1);
		expect(sent[0]?.name).toBe('PutObject');
		expect(sent[0]?.body?.toString()).toBe('abc');
		expect(sent[0]?.input).toMatchObject({
			ContentType: 'text/plain',
			IfNoneMatch: '*',
			ChecksumCRC32: 'NSRBwg==',
		});
		expect(part.release).toHaveBeenCalledTimes(1);
	});

	it.each([
		['fewer', 'ab', true],
		['more', 'abc', false],
	])('putPart sends nothing of a source with %s bytes than announced', async (_, text, last) => {
		const { s3, sent } = recordingS3();
		const part = partOf(text, last);
		const failure = await rejectionOf(putPart(s3, planOf([], 3), part, call));
		expect(failure.kind).toBe('corrupt');
		expect(sent).toEqual([]);
		expect(part.release).toHaveBeenCalledTimes(1);
	});
});

describe('putStream', () => {
	const put = (chunks: string[], size: number) => {
		const { s3, sent } = recordingS3();
		const plan = planOf(chunks, size);
		const checksum = checksumOnce(s3, plan.request);
		return { result: putStream(s3, plan, { size, checksum }, call), sent };
	};

	it('putStream sends all bytes and announces their number', async () => {
		const { result, sent } = put(['ab', 'cd', 'e'], 5);
		expect(await result).toMatchObject({ size: 5, parts: 1 });
		expect(sent[0]?.body?.toString()).toBe('abcde');
		expect(sent[0]?.input.ContentLength).toBe(5);
	});

	it.each([
		['fewer', ['ab', 'c'], 5],
		['more', ['ab', 'c', 'd'], 3],
		['more, in the last chunk', ['ab', 'cd'], 3],
	])('putStream completes no body of a source with %s bytes', async (_, chunks, size) => {
		const { s3, sent } = recordingS3();
		let received = '';
		const send = s3.send.bind(s3);
		s3.send = async (name, input, options) => {
			const { Body } = input as { Body: Readable };
			Body.on('data', (chunk: Buffer) => (received += chunk.toString()));
			const stopped = new Promise<never>((_resolve, reject) => {
				options.signal?.addEventListener('abort', () => reject(new Error('stopped')));
			});
			await Promise.race([send(name, { ...input, Body: undefined }, options), stopped]);
			return await stopped;
		};
		const plan = planOf(chunks, size);
		const checksum = checksumOnce(s3, plan.request);
		const failure = await rejectionOf(putStream(s3, plan, { size, checksum }, call));
		expect(failure.kind).toBe('corrupt');
		expect(sent).toHaveLength(1);
		expect(received.length).toBeLessThan(size);
	});
});
