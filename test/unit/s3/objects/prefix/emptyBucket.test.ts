import { Readable } from 'node:stream';
import type { CallName } from '../../../../../s3/calls/calls';
import { readPage } from '../../../../../s3/memory/PageBuffer';
import { emptyBucket } from '../../../../../s3/objects/prefix/emptyBucket';
import { checkBucketKind } from '../../../../../s3/policy/bucketKind';
import { rejectionOf } from '../../../failureOf';
import { AWS, names, refusal, scriptedS3 } from '../scriptedS3';

const call = { signal: undefined };
const DELETED = { Deleted: ['a', 'b'].map((Key) => ({ Key, VersionId: 'v' })) };

it('emptyBucket stops, and aborts no upload, if a version cannot be deleted', async () => {
	const { s3, sent } = scriptedS3(({ name }) =>
		name === 'ListObjectVersions'
			? { Versions: ['a', 'b'].map((Key) => ({ Key, VersionId: 'v' })) }
			: {
					Deleted: [{ Key: 'a', VersionId: 'v' }],
					Errors: [{ Key: 'b', VersionId: 'v', Code: 'AccessDenied' }],
				},
	);
	const emptied = emptyBucket(s3, { bucket: 'bucket', maxObjects: 10 }, call);
	expect(await rejectionOf(emptied)).toMatchObject({
		message:
			'Could not empty bucket “bucket”: 1 of 2 versions could not be deleted, the first is “b”; the others are gone',
		code: 'AccessDenied',
	});
	expect(names(sent)).toEqual(['ListObjectVersions', 'DeleteObjects']);
});

it('emptyBucket aborts the uploads of a bucket that has nothing else', async () => {
	let listed = false;
	const { s3, sent } = scriptedS3(({ name }) => {
		if (name !== 'ListMultipartUploads' || listed) return {};
		listed = true;
		return { Uploads: [{ Key: 'a', UploadId: 'u', Initiated: new Date() }] };
	});
	expect(await emptyBucket(s3, { bucket: 'bucket', maxObjects: 10 }, call)).toBe(0);
	expect(sent).toContainEqual({
		name: 'AbortMultipartUpload',
		input: expect.objectContaining({ Key: 'a', UploadId: 'u' }) as unknown,
	});
});

it('emptyBucket deletes objects and uploads of a directory bucket, which has no versions to list', async () => {
	const bucket = 'logs--use1-az4--x-s3';
	let listed = false;
	const entries = ['a/b', 'c'].map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`);
	const xml = `<ListBucketResult>${entries.join('')}<IsTruncated>false</IsTruncated></ListBucketResult>`;
	const { s3, sent } = scriptedS3(async ({ name }) => {
		if (name === 'ListObjectsV2')
			return { $metadata: {}, listing: await readPage(Readable.from([Buffer.from(xml)])) };
		if (name === 'DeleteObjects') return { Deleted: [{ Key: 'a/b' }, { Key: 'c' }] };
		if (name !== 'ListMultipartUploads' || listed) return {};
		listed = true;
		return { Uploads: [{ Key: 'd', UploadId: 'u', Initiated: new Date() }] };
	}, AWS);
	expect(await emptyBucket(s3, { bucket, maxObjects: 10 }, call)).toBe(2);
	expect(names(sent)).toEqual([
		'ListObjectsV2',
		'DeleteObjects',
		'ListMultipartUploads',
		'AbortMultipartUpload',
		'ListMultipartUploads',
	]);
	for (const { name, input } of sent) {
		checkBucketKind(name as CallName, input, [{ bucket }]);
	}
});

it('emptyBucket says what is deleted already if it may not list the uploads', async () => {
	const { s3 } = scriptedS3(({ name }) => {
		if (name === 'ListMultipartUploads') throw refusal({ code: 'AccessDenied' });
		return { Versions: ['a', 'b'].map((Key) => ({ Key, VersionId: 'v' })), ...DELETED };
	});
	const emptied = emptyBucket(s3, { bucket: 'bucket', maxObjects: 10 }, call);
	expect(await rejectionOf(emptied)).toMatchObject({
		message: 'Emptied bucket “bucket” of 2 versions, but it is still there: Refused',
		code: 'AccessDenied',
	});
});

it('emptyBucket deletes nothing if the bucket has more than is allowed', async () => {
	const { s3, sent } = scriptedS3(() => ({
		Versions: ['a', 'b'].map((Key) => ({ Key, VersionId: 'v' })),
	}));
	const emptied = emptyBucket(s3, { bucket: 'bucket', maxObjects: 1 }, call);
	// Bucket Delete has no dry run.
	expect(await rejectionOf(emptied)).toMatchObject({
		message: 'More than 1 version in bucket “bucket” matches, so nothing was deleted',
		advice: 'If all of them are to be deleted, raise the option Max Objects.',
	});
	expect(names(sent)).toEqual(['ListObjectVersions']);
});
