/** Tags of copies on servers that do not set them by the copy itself. */
import { rejectionOf } from '../../unit/failureOf';
import { keyBytes } from '../../servers/embedded/store';
import { asAws } from '../asAws';
import { copyOver, MiB, putFull } from './copies';
import { bucket, objectServer } from './objectServer';

const objects = objectServer();
const NO_TAGS = { kind: 'answer', status: 501, code: 'NotImplemented' } as const;
const inParts = { multipartThreshold: 5 * MiB };
const tagsOf = (key: string) => objects.stored(key)?.tags;

/** As Ceph, which lets the tags of a copy go the way of its metadata and has none of an object in parts. */
function setOtherTags(operation: string, tags: Record<string, string>): void {
	objects.server.faults.add({
		operation,
		when: () => {
			const copy = objects.stored('copy');
			if (copy !== undefined) copy.tags = tags;
			return false;
		},
		effect: { kind: 'stall' },
	});
}

beforeEach(async () => {
	await putFull(objects.s3, 'content');
	objects.server.requests.length = 0;
});

it.each([
	['replaced', { tagsDirective: 'replace', tags: { new: 'tag' } }, { new: 'tag' }],
	['dropped', { tagsDirective: 'drop' }, {}],
	['kept beside new metadata', { metadataDirective: 'replace' }, { 'a b': 'c+d' }],
] as const)(
	'tags that are %s are set after the copy if it has others',
	async (_, request, expected) => {
		setOtherTags('GetObjectTagging', { other: 'tag' });
		await copyOver(objects.s3, request);
		expect(tagsOf('copy')).toEqual(expected);
		expect(objects.sent('PutObjectTagging')).toHaveLength(1);
	},
);

it('tags that the copy has already are not set', async () => {
	await copyOver(objects.s3, { metadataDirective: 'replace' });
	expect(objects.sent('PutObjectTagging')).toEqual([]);
});

it('tags are not looked at if the copy keeps all, nor on AWS', async () => {
	await copyOver(objects.s3);
	await copyOver(asAws(objects.s3), { tagsDirective: 'replace', tags: { a: 'b' } });
	await copyOver(asAws(objects.s3), { metadataDirective: 'replace', key: 'other' });
	expect(objects.sent('GetObjectTagging')).toEqual([]);
	expect(tagsOf('copy')).toEqual({ a: 'b' });
	expect(objects.sent('CopyObject')[1]?.headers['x-amz-tagging-directive']).toBe('REPLACE');
});

it.each([
	['AWS', () => asAws(objects.s3)],
	['another server', () => objects.s3],
])(
	'a copy onto itself with new metadata makes one version on %s, with the tags of the one before',
	async (_, connection) => {
		objects.bucket.versioning = 'Enabled';
		await putFull(objects.s3, 'content');
		const before = objects.bucket.allOf(keyBytes('key')).length;
		const request = { metadataDirective: 'replace', metadata: { new: 'entry' } } as const;
		expect(await copyOver(connection(), { key: 'key', ...request })).toMatchObject({ size: 7 });
		expect(objects.bucket.allOf(keyBytes('key'))).toHaveLength(before + 1);
		expect(tagsOf('key')).toEqual({ 'a b': 'c+d' });
	},
);

it('tags that may not be read are known before a copy with new metadata is made', async () => {
	const effect = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
	objects.server.faults.add({ operation: 'GetObjectTagging', effect });
	const failure = await rejectionOf(copyOver(objects.s3, { metadataDirective: 'replace' }));
	expect(failure).toMatchObject({ kind: 'denied', operation: 'GetObjectTagging' });
	expect(objects.stored('copy')).toBeUndefined();
});

it('tags of a copy in parts are set afterwards if the server has dropped them', async () => {
	await putFull(objects.s3, Buffer.alloc(6 * MiB));
	objects.server.faults.add({
		operation: 'GetObjectTagging',
		key: 'copy',
		when: () => {
			objects.stored('copy')!.tags = {};
			return false;
		},
		effect: { kind: 'stall' },
	});
	await copyOver(objects.s3, inParts);
	expect(tagsOf('copy')).toEqual({ 'a b': 'c+d' });
	expect(objects.sent('PutObjectTagging')).toHaveLength(1);
});

it('tags of an object that is streamed onto itself in parts are set afterwards', async () => {
	await putFull(objects.s3, Buffer.alloc(6 * MiB));
	objects.server.faults.add({ operation: 'UploadPartCopy', effect: NO_TAGS });
	const s3 = await objects.server.connect();
	await copyOver(s3, { key: 'key', metadataDirective: 'replace', ...inParts });
	const begun = objects.sent('CreateMultipartUpload');
	expect(begun.map(({ headers }) => headers['x-amz-tagging'])).toEqual([undefined, undefined]);
	expect(tagsOf('key')).toEqual({ 'a b': 'c+d' });
});

it('a server that keeps no tags is not written to', async () => {
	objects.server.faults.add({ operation: 'GetObjectTagging', effect: NO_TAGS });
	await copyOver(objects.s3, { tagsDirective: 'drop' });
	const failure = await rejectionOf(
		copyOver(objects.s3, { tagsDirective: 'replace', tags: { a: 'b' } }),
	);
	expect(failure.message).toContain(
		`Copied “key” in bucket “${bucket}” to “copy” in bucket “${bucket}”, but its tags could not be set`,
	);
	expect(objects.sent('PutObjectTagging')).toEqual([]);
});

it('tags that are dropped take no permission', async () => {
	const effect = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
	objects.server.faults.add({ operation: 'GetObjectTagging', effect });
	expect(await copyOver(objects.s3, { tagsDirective: 'drop' })).toMatchObject({ size: 7 });
});
