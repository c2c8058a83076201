import { sameObject } from '../../../../s3/download/Download';
import { ETAG, FakeS3 } from './FakeS3';

it('a further request is for the ETag of the first response, and has no other condition', () => {
	const download = new FakeS3(Buffer.from('a')).download();
	const input = {
		...download.input,
		VersionId: 'v',
		SSECustomerKey: 'k',
		RequestPayer: 'requester' as const,
		IfMatch: undefined,
		IfModifiedSince: new Date(),
		IfUnmodifiedSince: new Date(),
	};
	expect(sameObject({ ...download, input })).toEqual({
		Bucket: 'bucket',
		Key: 'key',
		VersionId: 'v',
		SSECustomerKey: 'k',
		RequestPayer: 'requester',
		IfMatch: ETAG,
	});
});
