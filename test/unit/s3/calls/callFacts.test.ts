import { bucketOf, on, openingOf, sessionOf } from '../../../../s3/calls/callFacts';

it('on gives a permission for each action that is needed', () => {
	const target = bucketOf({ Bucket: 'b' });
	expect(on(target, 's3:A', false, 's3:B')).toEqual([
		{ action: 's3:A', on: { bucket: 'b' } },
		{ action: 's3:B', on: { bucket: 'b' } },
	]);
});

it('on gives the one action of a directory bucket, whatever is done with its objects', () => {
	const Bucket = 'logs--use1-az4--x-s3';
	expect(on({ bucket: Bucket, key: 'k' }, 's3:A', 's3:B')).toEqual([sessionOf({ Bucket })]);
	expect(sessionOf({ Bucket })).toEqual({
		action: 's3express:CreateSession',
		on: { bucket: `arn:aws:s3express:*:*:bucket/${Bucket}` },
	});
});

it('on gives what is done with a directory bucket itself an action of its own', () => {
	const target = { bucket: 'logs--use1-az4--x-s3' };
	for (const name of ['CreateBucket', 'DeleteBucket', 'GetEncryptionConfiguration']) {
		expect(on(target, `s3:${name}`)).toEqual([
			{ ...sessionOf({ Bucket: target.bucket }), action: `s3express:${name}` },
		]);
	}
});

it.each([
	['logs--use1-az4--xa-s3', 'arn:aws:s3express:*:*:accesspoint/logs--use1-az4--xa-s3'],
	[
		'arn:aws:s3express:us-east-1:111122223333:accesspoint/logs--use1-az4--xa-s3',
		'arn:aws:s3express:us-east-1:111122223333:accesspoint/logs--use1-az4--xa-s3',
	],
])('sessionOf names the access point %s of a directory bucket as %s', (Bucket, bucket) => {
	expect(sessionOf({ Bucket }).on).toEqual({ bucket });
});

it('openingOf gives the ACL and every grant', () => {
	expect(openingOf({ ACL: 'private', GrantRead: 'a', GrantWriteACP: 'b' })).toEqual({
		acl: 'private',
		grants: ['a', 'b'],
	});
});
