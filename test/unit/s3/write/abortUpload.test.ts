import { setTimeout as sleep } from 'node:timers/promises';
import { S3Failure } from '../../../../s3/S3Failure';
import { abortUpload } from '../../../../s3/write/abortUpload';
import { scriptedS3 } from '../objects/scriptedS3';

jest.mock('node:timers/promises', () => ({ setTimeout: jest.fn() }));

const request = { bucket: 'b', key: 'k' };
const cause = new S3Failure({ kind: 'unreachable', message: 'away', advice: 'Wait.' });
const waiting = jest.mocked(sleep);

/** Aborts an upload on a server that never answers, when the time to wait is over. */
async function abort(call: { signal?: AbortSignal; retryFor?: number }): Promise<unknown> {
	const { s3 } = scriptedS3(() => new Promise(() => undefined));
	return await abortUpload(s3, request, 'u', cause, { signal: undefined, ...call });
}

beforeEach(() => {
	waiting.mockReset();
	waiting.mockResolvedValue(undefined);
});

it.each([
	['for 30 seconds', {}, 30_000],
	['as long as requests are repeated', { retryFor: 5000 }, 5000],
	['for a second at least', { retryFor: 0 }, 1000],
	['for 30 seconds at most', { retryFor: 60_000 }, 30_000],
	['for a second if it was cancelled', { signal: AbortSignal.abort() }, 1000],
])('a failed upload waits %s for its abort, and then says that it goes on', async (_, call, ms) => {
	const failure = (await abort(call)) as S3Failure;
	expect(waiting.mock.calls.map(([wait]) => wait)).toEqual([ms]);
	expect(failure.message).toBe('away');
	expect(failure.advice).toContain('The multipart upload u is not aborted yet');
});

it('a failed upload that was aborted in time fails as it did', async () => {
	waiting.mockReturnValue(new Promise(() => undefined));
	const { s3, sent } = scriptedS3(() => ({}));
	expect(await abortUpload(s3, request, 'u', cause, { signal: undefined })).toBe(cause);
	expect(sent).toMatchObject([{ name: 'AbortMultipartUpload', input: { UploadId: 'u' } }]);
});
