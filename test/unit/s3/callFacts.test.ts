import { bucketOf, on, openingOf } from '../../../s3/callFacts';

it('on gives a permission for each action that is needed', () => {
	const target = bucketOf({ Bucket: 'b' });
	expect(on(target, 's3:A', false, 's3:B')).toEqual([
		{ action: 's3:A', on: { bucket: 'b' } },
		{ action: 's3:B', on: { bucket: 'b' } },
	]);
});

it('openingOf gives the ACL and every grant', () => {
	expect(openingOf({ ACL: 'private', GrantRead: 'a', GrantWriteACP: 'b' })).toEqual({
		acl: 'private',
		grants: ['a', 'b'],
	});
});
