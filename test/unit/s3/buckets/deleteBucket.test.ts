import { deleteBucket } from '../../../../s3/buckets/deleteBucket';
import type { FailureDetails } from '../../../../s3/S3Failure';
import { rejectionOf } from '../../failureOf';
import { names, refusal, scriptedS3 } from '../objects/scriptedS3';

const call = { signal: undefined };
const del = (failure: Partial<FailureDetails>, isThere: boolean) => {
	const { s3, sent } = scriptedS3(({ name }) => {
		if (name === 'DeleteBucket') throw refusal({ operation: name, ...failure });
		if (!isThere) throw refusal({ kind: 'notFound' });
		return {};
	});
	return { sent, deleted: deleteBucket(s3, { bucket: 'b' }, call) };
};

describe('deleteBucket', () => {
	it('deleteBucket succeeds if the bucket is gone although the response was lost', async () => {
		const { deleted, sent } = del({ kind: 'unreachable' }, false);
		await deleted;
		expect(names(sent)).toEqual(['DeleteBucket', 'HeadBucket']);
	});

	it('deleteBucket fails if the bucket is there after a lost response', async () => {
		expect(await rejectionOf(del({ kind: 'unreachable' }, true).deleted)).toMatchObject({
			kind: 'unreachable',
		});
	});

	it('deleteBucket succeeds if a repeated request meets what the first has done', async () => {
		await del({ kind: 'notFound', attempts: 2 }, false).deleted;
		expect(await rejectionOf(del({ kind: 'notFound' }, false).deleted)).toMatchObject({
			kind: 'notFound',
		});
	});

	it('deleteBucket says what to do about a bucket that is not empty', async () => {
		expect(await rejectionOf(del({ code: 'BucketNotEmpty' }, true).deleted)).toMatchObject({
			message: 'Could not delete bucket “b”: it is not empty',
			advice: expect.stringContaining('Empty First') as string,
		});
	});

	it('deleteBucket fails if a repeated request is refused', async () => {
		const { deleted } = del({ kind: 'denied', attempts: 2 }, true);
		expect(await rejectionOf(deleted)).toMatchObject({ kind: 'denied' });
	});
});
