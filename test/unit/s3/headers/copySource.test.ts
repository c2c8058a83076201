import { CALLS } from '../../../../s3/calls/calls';
import { copySource } from '../../../../s3/headers/copySource';

const ARN = 'arn:aws:s3:eu-central-1:111122223333:accesspoint/name';

it.each([
	['a/b', undefined, 'bucket/a/b'],
	['a+b c', undefined, 'bucket/a%2Bb%20c'],
	['ä?&=', undefined, 'bucket/%C3%A4%3F%26%3D'],
	['100%', 'v+1', 'bucket/100%25?versionId=v%2B1'],
])('copySource encodes the segments of %s with the version %s', (key, versionId, expected) => {
	expect(copySource({ bucket: 'bucket', key, versionId })).toBe(expected);
});

it.each(['bucket', ARN])(
	'copySource names an object in %s as the table of calls reads it',
	(bucket) => {
		const key = '//a+b/ä?versionId=x/100%';
		const CopySource = copySource({ bucket, key, versionId: 'v' });
		const input = { Bucket: 'to', Key: 'copy', CopySource };
		expect(CALLS.CopyObject.touches(input)[1]).toEqual({ bucket, key });
	},
);
