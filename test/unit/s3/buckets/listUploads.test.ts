import { listUploads } from '../../../../s3/buckets/listUploads';
import { rejectionOf } from '../../failureOf';
import { refusal, scriptedS3 } from '../objects/scriptedS3';

it('open uploads are listed page by page, with the time at which each was begun', async () => {
	const pages = [
		{
			Uploads: [{ Key: 'p/a', UploadId: '1', Initiated: new Date(5000) }],
			IsTruncated: true,
			NextKeyMarker: 'p/a',
			NextUploadIdMarker: '1',
		},
		{ Uploads: [{ Key: 'p/b', UploadId: '2' }] },
	];
	const { s3, sent } = scriptedS3(() => pages[sent.length - 1]);
	const found: object[] = [];
	for await (const page of listUploads(s3, { bucket: 'b', prefix: 'p/' }, { signal: undefined })) {
		found.push(...page);
	}
	expect(found).toEqual([
		{ key: 'p/a', uploadId: '1', begun: '1970-01-01T00:00:05.000Z' },
		{ key: 'p/b', uploadId: '2', begun: undefined },
	]);
	expect(sent.map(({ input }) => input)).toMatchObject([
		{ Prefix: 'p/' },
		{ Prefix: 'p/', KeyMarker: 'p/a', UploadIdMarker: '1' },
	]);
});

it('a server that says that there is no such upload has none, as gofakes3 and rclone', async () => {
	const noneOn = async (code: string) => {
		const { s3 } = scriptedS3(() => {
			throw refusal({ kind: 'notFound', status: 404, code });
		});
		const pages: unknown[] = [];
		for await (const page of listUploads(s3, { bucket: 'b' }, { signal: undefined }))
			pages.push(page);
		return pages;
	};
	expect(await noneOn('NoSuchUpload')).toEqual([[]]);
	expect((await rejectionOf(noneOn('NoSuchBucket'))).code).toBe('NoSuchBucket');
});
