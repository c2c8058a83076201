import { putResult } from '../../../../s3/upload/putResult';

const source = { open: () => Promise.reject(new Error('not read here')) };
const request = { bucket: 'b', key: 'k', source, contentType: 'text/plain' };

it('putResult has what was sent and what the server says', () => {
	const output = {
		ETag: '"abc-2"',
		VersionId: 'v1',
		ChecksumSHA1: 'sum-2',
		ChecksumType: 'COMPOSITE' as const,
		ServerSideEncryption: 'aws:kms' as const,
	};
	expect(putResult(request, { size: 10, parts: 2 }, output)).toEqual({
		bucket: 'b',
		key: 'k',
		size: 10,
		parts: 2,
		contentType: 'text/plain',
		etag: 'abc-2',
		versionId: 'v1',
		checksum: { algorithm: 'SHA1', value: 'sum-2', type: 'COMPOSITE' },
		encryption: 'aws:kms',
	});
});

it('putResult leaves undefined what the server does not say', () => {
	expect(putResult(request, { size: 0, parts: 1 }, {})).toMatchObject({
		etag: undefined,
		versionId: undefined,
		checksum: undefined,
		encryption: undefined,
	});
});
