import { overwriteCondition } from '../../../../s3/headers/overwriteCondition';
import { inMultipartUpload } from '../../../../s3/write/multipartUpload';
import { objectHeaders } from '../../../../s3/write/objectHeaders';
import { rejectionOf } from '../../failureOf';
import { names, refusal, scriptedS3 } from '../objects/scriptedS3';
import type { SentCall } from '../objects/scriptedS3';

const call = { signal: undefined, retryFor: 1000 };
const request = { bucket: 'b', key: 'k', overwrite: 'never' as const };
const write = {
	request,
	headers: objectHeaders(request),
	checksum: 'CRC32' as const,
	condition: overwriteCondition(request),
};
const parts = async () =>
	await Promise.resolve([
		{ PartNumber: 2, ETag: 'b' },
		{ PartNumber: 1, ETag: 'a' },
	]);
const begun = ({ name }: SentCall) => (name === 'CreateMultipartUpload' ? { UploadId: 'id' } : {});

it('inMultipartUpload completes the upload with its parts in order, under the condition', async () => {
	const { s3, sent } = scriptedS3(begun);
	await inMultipartUpload(s3, write, parts, call);
	expect(sent[0]?.input).toMatchObject({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
	expect(sent[1]).toMatchObject({
		name: 'CompleteMultipartUpload',
		input: {
			UploadId: 'id',
			IfNoneMatch: '*',
			MultipartUpload: { Parts: [{ PartNumber: 1 }, { PartNumber: 2 }] },
		},
	});
});

it('inMultipartUpload fails if the server has forgotten the lock, and aborts nothing then', async () => {
	const { s3, sent } = scriptedS3((sent) =>
		sent.name === 'CompleteMultipartUpload' ? { VersionId: 'v' } : begun(sent),
	);
	const locked = { ...write, request: { ...request, objectLock: { legalHold: true } } };
	const failure = await rejectionOf(inMultipartUpload(s3, locked, parts, call));
	expect(failure.message).toContain('the server does not say that it is locked');
	expect(names(sent).at(-1)).toBe('HeadObject');
	expect(sent.at(-1)?.input.VersionId).toBe('v');
	expect(names(sent)).not.toContain('AbortMultipartUpload');
});

it('inMultipartUpload aborts the upload if a part cannot be stored', async () => {
	const { s3, sent } = scriptedS3(begun);
	const failing = () => Promise.reject(refusal({ message: 'No part' }));
	const failure = await rejectionOf(inMultipartUpload(s3, write, failing, call));
	expect(failure.message).toBe('No part');
	expect(names(sent)).toEqual(['CreateMultipartUpload', 'AbortMultipartUpload']);
});

it('inMultipartUpload says which upload could not be aborted', async () => {
	const { s3 } = scriptedS3((sent) => {
		if (sent.name === 'CreateMultipartUpload') return { UploadId: 'id' };
		throw refusal({ message: sent.name });
	});
	const failure = await rejectionOf(inMultipartUpload(s3, write, parts, call));
	expect(failure.message).toBe('CompleteMultipartUpload');
	expect(failure.advice).toContain('The multipart upload id could not be aborted');
});

it('inMultipartUpload fails if the server gives the upload no ID', async () => {
	const { s3, sent } = scriptedS3(() => ({}));
	const failure = await rejectionOf(inMultipartUpload(s3, write, parts, call));
	expect(failure).toMatchObject({ kind: 'corrupt', operation: 'CreateMultipartUpload' });
	expect(names(sent)).toEqual(['CreateMultipartUpload']);
});
