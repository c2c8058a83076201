import { objectHead } from '../../../../s3/headers/objectHead';
import type { CopyPlan, CopyRequest } from '../../../../s3/objects/CopyRequest';
import {
	noCopyResult,
	sourceHeaders,
	wholeWriteOf,
	writeOf,
} from '../../../../s3/objects/copyWrite';
import { rejectionOf } from '../../failureOf';
import { AWS, names, scriptedS3 } from './scriptedS3';

const call = { signal: undefined, retryFor: 1000 };
const found = {
	$metadata: {},
	ETag: '"e"',
	VersionId: 'v1',
	ContentType: 'text/a',
	CacheControl: 'no-store',
	ExpiresString: 'Tue, 01 Jan 2030 00:00:00 GMT',
	Metadata: { a: '1' },
	StorageClass: 'GLACIER_IR' as const,
};

/** A copy of an object with tags, and the requests that are made for it. */
function planWith(request: Partial<CopyRequest> = {}, tagsVersion = 'v1', more: object = {}) {
	const { s3, sent } = scriptedS3(() => ({
		TagSet: [{ Key: 'tag', Value: 'old' }],
		VersionId: tagsVersion,
	}));
	const source = { bucket: 'b', key: 'k' };
	const plan: CopyPlan = {
		source: s3,
		target: s3,
		head: objectHead(source, { ...found, ...more }),
		request: {
			source,
			bucket: 'b',
			key: 'copy',
			metadataDirective: 'keep',
			tagsDirective: 'keep',
			...request,
		},
	};
	return { plan, sent };
}

it('writeOf says only what replaces something of the source', () => {
	const write = writeOf(planWith({ overwrite: 'ifDifferent', acl: 'private' }).plan);
	expect(write).toMatchObject({ overwrite: 'always', acl: 'private', tags: undefined });
	expect(write.contentType).toBeUndefined();
	expect(write.storageClass).toBeUndefined();
	expect(writeOf(planWith({ keepStorageClass: true }).plan).storageClass).toBe('GLACIER_IR');
});

it('wholeWriteOf says also what is kept of the source', async () => {
	const { plan, sent } = planWith();
	expect(await wholeWriteOf(plan, call)).toMatchObject({
		contentType: 'text/a',
		cacheControl: 'no-store',
		expires: new Date('2030-01-01T00:00:00Z'),
		metadata: { a: '1' },
		tags: { tag: 'old' },
	});
	expect(names(sent)).toEqual(['GetObjectTagging']);
});

it('wholeWriteOf says nothing of the source if all is replaced', async () => {
	const { plan, sent } = planWith({
		metadataDirective: 'replace',
		contentType: 'text/b',
		tagsDirective: 'replace',
		tags: { tag: 'new' },
	});
	const write = await wholeWriteOf(plan, call);
	expect(write).toMatchObject({ contentType: 'text/b', tags: { tag: 'new' } });
	expect(write.metadata).toBeUndefined();
	expect(write.cacheControl).toBeUndefined();
	expect(sent).toEqual([]);
});

it('wholeWriteOf fails rather than lose metadata that S3 has and does not give', async () => {
	const { plan, sent } = planWith({}, 'v1', { MissingMeta: 2 });
	expect(await rejectionOf(wholeWriteOf(plan, call))).toMatchObject({
		kind: 'rejected',
		message: expect.stringContaining('S3 has 2 entries of its metadata') as string,
		advice: expect.stringContaining('Metadata set to Replace') as string,
	});
	expect(sent).toEqual([]);
	const replacing = planWith({ metadataDirective: 'replace' }, 'v1', { MissingMeta: 2 }).plan;
	expect(await wholeWriteOf(replacing, call)).toMatchObject({ bucket: 'b', key: 'copy' });
});

it('wholeWriteOf does not take the tags of another version', async () => {
	const failure = await rejectionOf(wholeWriteOf(planWith({}, 'v2').plan, call));
	expect(failure).toMatchObject({ kind: 'precondition', retryable: true });
});

it('wholeWriteOf does not ask for tags in a directory bucket, which has none', async () => {
	const { plan, sent } = planWith({ source: { bucket: 'b--use1-az4--x-s3', key: 'k' } });
	expect((await wholeWriteOf(plan, call)).tags).toEqual({});
	expect(sent).toEqual([]);
});

it('wholeWriteOf takes a response that holds no tags for none, but not on AWS, which has them', async () => {
	const { plan } = planWith();
	expect(await wholeWriteOf({ ...plan, source: scriptedS3(() => ({})).s3 }, call)).toMatchObject({
		tags: {},
	});
	const aws = wholeWriteOf({ ...plan, source: scriptedS3(() => ({}), AWS).s3 }, call);
	expect(await rejectionOf(aws)).toMatchObject({ kind: 'corrupt', operation: 'GetObjectTagging' });
});

it('wholeWriteOf leaves out a time of expiry that is no date', async () => {
	const { plan } = planWith();
	const head = { ...plan.head, expires: 'never' };
	expect((await wholeWriteOf({ ...plan, head }, call)).expires).toBeUndefined();
});

it('sourceHeaders pin the source to the object that was looked at', () => {
	const customerKey = Buffer.alloc(32, 1).toString('base64');
	const source = { bucket: 'b', key: 'k', customerKey, expectedBucketOwner: '1' };
	expect(sourceHeaders(planWith({ source }).plan)).toEqual({
		CopySourceIfMatch: '"e"',
		CopySourceSSECustomerAlgorithm: 'AES256',
		CopySourceSSECustomerKey: customerKey,
		ExpectedSourceBucketOwner: '1',
	});
});

it('noCopyResult is a failure after which the copy may be there', () => {
	const failure = noCopyResult('CopyObject', { bucket: 'b', key: 'k' });
	expect(failure).toMatchObject({ kind: 'unavailable', operation: 'CopyObject' });
});
