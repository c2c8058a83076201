import { headBucket } from '../../../../s3/buckets/headBucket';
import type { FailureKind } from '../../../../s3/S3Failure';
import { rejectionOf } from '../../failureOf';
import { refusal, scriptedS3 } from '../objects/scriptedS3';

const head = async (kind?: FailureKind) => {
	const { s3 } = scriptedS3(() => {
		if (kind !== undefined) throw refusal({ kind });
		return { BucketRegion: 'eu-west-1' };
	});
	return await headBucket(s3, { bucket: 'b' }, { signal: undefined });
};

describe('headBucket', () => {
	it('headBucket tells whose a bucket is', async () => {
		expect(await head()).toEqual({ kind: 'there', region: 'eu-west-1' });
		expect(await head('denied')).toEqual({ kind: 'forbidden' });
		expect(await head('notFound')).toEqual({ kind: 'missing' });
	});

	it('headBucket fails if the server says neither yes nor no', async () => {
		expect(await rejectionOf(head('unreachable'))).toMatchObject({ kind: 'unreachable' });
	});
});
