import { completedPart, partInput } from '../../../../s3/write/parts';

const request = { bucket: 'b', key: 'k' };

it('partInput names the object, the upload and the part', () => {
	expect(partInput(request, 'upload', 7)).toMatchObject({
		Bucket: 'b',
		Key: 'k',
		UploadId: 'upload',
		PartNumber: 7,
	});
});

it('partInput carries the customer’s own key and who pays', () => {
	const key = Buffer.alloc(32, 7).toString('base64');
	const encryption = { kind: 'customer' as const, key };
	expect(partInput({ ...request, encryption, requestPayer: true }, 'upload', 1)).toMatchObject({
		SSECustomerAlgorithm: 'AES256',
		SSECustomerKey: key,
		RequestPayer: 'requester',
	});
});

it('completedPart has the ETag and the checksum that the server gave', () => {
	const output = { ETag: '"abc"', ChecksumSHA256: 'sum' };
	expect(completedPart(7, output)).toEqual({
		PartNumber: 7,
		ETag: '"abc"',
		ChecksumSHA256: 'sum',
	});
});

it('completedPart has only an ETag from a server that gives no checksum', () => {
	expect(completedPart(7, { ETag: '"abc"' })).toEqual({
		PartNumber: 7,
		ETag: '"abc"',
	});
});
