import { deleteWithContent } from '../../../../../s3/objects/prefix/deleteWithContent';
import { rejectionOf } from '../../../failureOf';
import { names, refusal, scriptedS3 } from '../scriptedS3';

const call = { signal: undefined };
const request = { bucket: 'bucket', maxObjects: 10 };

/** A bucket with versions of these keys, of which DeleteBucket is refused with a code. */
function bucketWith(keys: string[], code?: string) {
	const versions = keys.map((Key) => ({ Key, VersionId: 'v' }));
	return scriptedS3(({ name }) => {
		if (name === 'ListObjectVersions') return { Versions: versions };
		if (name === 'DeleteObjects') return { Deleted: versions };
		if (name === 'DeleteBucket' && code !== undefined) throw refusal({ code, status: 409 });
		return {};
	});
}

it('deleteWithContent deletes a bucket after everything in it, and counts that', async () => {
	const { s3, sent } = bucketWith(['a', 'b']);
	expect(await deleteWithContent(s3, request, call)).toBe(2);
	expect(names(sent)).toEqual([
		'ListObjectVersions',
		'DeleteObjects',
		'ListMultipartUploads',
		'DeleteBucket',
	]);
});

it('deleteWithContent says that the bucket is emptied if it may not be deleted', async () => {
	const { s3 } = bucketWith(['a', 'b'], 'AccessDenied');
	expect(await rejectionOf(deleteWithContent(s3, request, call))).toMatchObject({
		message: 'Emptied bucket “bucket” of 2 versions, but it is still there: Refused',
		advice: 'Look.',
		code: 'AccessDenied',
	});
});

it('deleteWithContent of an empty bucket says only why it may not be deleted', async () => {
	const { s3 } = bucketWith([], 'AccessDenied');
	expect((await rejectionOf(deleteWithContent(s3, request, call))).message).toBe('Refused');
});

it('deleteWithContent does not ask for Empty First if something was stored meanwhile', async () => {
	const { s3 } = bucketWith(['a', 'b'], 'BucketNotEmpty');
	expect(await rejectionOf(deleteWithContent(s3, request, call))).toMatchObject({
		message: expect.stringMatching(/^Emptied .* it is not empty$/) as string,
		advice: 'Somebody has stored something in it meanwhile. Run it again when nobody does.',
	});
});
