import { BUCKET_CALLS } from '../../../../s3/calls/bucketCalls';

it('every call about a bucket touches that bucket, and ListBuckets none', () => {
	for (const [name, { touches }] of Object.entries(BUCKET_CALLS)) {
		const ofInput = touches as (input: object) => unknown[];
		expect([name, ofInput({ Bucket: 'b' })]).toEqual([
			name,
			name === 'ListBuckets' ? [] : [{ bucket: 'b' }],
		]);
	}
});

it('to create a bucket with object lock needs two permissions more', () => {
	const actions = (input: object) =>
		BUCKET_CALLS.CreateBucket.permissions({ Bucket: 'b', ...input }).map(({ action }) => action);
	expect(actions({})).toEqual(['s3:CreateBucket']);
	expect(actions({ ObjectLockEnabledForBucket: true })).toEqual([
		's3:CreateBucket',
		's3:PutBucketObjectLockConfiguration',
		's3:PutBucketVersioning',
	]);
});

it('to create a bucket with tags needs one permission more', () => {
	const CreateBucketConfiguration = { Tags: [{ Key: 'a', Value: 'b' }] };
	const needed = BUCKET_CALLS.CreateBucket.permissions({ Bucket: 'b', CreateBucketConfiguration });
	expect(needed.map(({ action }) => action)).toEqual(['s3:CreateBucket', 's3:TagResource']);
	const elsewhere = { LocationConstraint: 'eu-west-1' as const };
	const without = { Bucket: 'b', CreateBucketConfiguration: elsewhere };
	expect(BUCKET_CALLS.CreateBucket.permissions(without)).toHaveLength(1);
});
