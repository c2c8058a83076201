import { requesterHeaders } from '../../../../s3/headers/requester';

it('requesterHeaders say who pays only if the request does', () => {
	expect(requesterHeaders({ requestPayer: true }).RequestPayer).toBe('requester');
	expect(requesterHeaders({ requestPayer: false }).RequestPayer).toBeUndefined();
	expect(requesterHeaders({}).RequestPayer).toBeUndefined();
});

it('requesterHeaders name the account that the bucket must belong to', () => {
	const { ExpectedBucketOwner } = requesterHeaders({ expectedBucketOwner: '123456789012' });
	expect(ExpectedBucketOwner).toBe('123456789012');
});
