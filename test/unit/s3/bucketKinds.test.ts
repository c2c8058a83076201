import { bucketKindOf, isDirectoryBucket } from '../../../s3/bucketKinds';

it.each([
	['photos', 'general'],
	['x-s3', 'general'],
	['logs--use1-az4--x-s3', 'directory'],
	['point--use1-az4--xa-s3', 'directory'],
	['arn:aws:s3express:us-east-1:111122223333:accesspoint/p--use1-az4--xa-s3', 'directory'],
	['arn:aws:s3:us-west-2:111122223333:accesspoint/photos', 'accessPoint'],
	['arn:aws-cn:s3:cn-north-1:111122223333:accesspoint:photos', 'accessPoint'],
	['arn:aws:s3-object-lambda:us-west-2:111122223333:accesspoint/photos', 'accessPoint'],
	['arn:aws:s3-outposts:us-west-2:111122223333:outpost/op-1/accesspoint/photos', 'accessPoint'],
	['mine-1234567890abcdefghijklmnopqrstuvwx-s3alias', 'accessPoint'],
	['arn:aws:s3::111122223333:accesspoint/m.mrap', 'multiRegionAccessPoint'],
])('%s is of the kind %s', (bucket, kind) => {
	expect(bucketKindOf(bucket)).toBe(kind);
	expect(isDirectoryBucket(bucket)).toBe(kind === 'directory');
});

it('no bucket is no directory bucket', () => {
	expect(isDirectoryBucket(undefined)).toBe(false);
});
