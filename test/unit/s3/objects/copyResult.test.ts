import { objectHead } from '../../../../s3/headers/objectHead';
import { resultOf, skippedCopy } from '../../../../s3/objects/copyResult';
import { scriptedS3 } from './scriptedS3';

const { s3 } = scriptedS3(() => ({}));
const source = { bucket: 'b', key: 'k' };
const head = objectHead(source, { $metadata: {}, ETag: '"e"', ContentLength: 3, VersionId: 'v' });
const kept = { metadataDirective: 'keep', tagsDirective: 'keep' } as const;
const plan = { source: s3, target: s3, head, request: { source, bucket: 'c', key: 'l', ...kept } };

it('resultOf tells source, copy and who made it', () => {
	const copied = { etag: 'f', versionId: 'w', parts: 2 };
	expect(resultOf(plan, copied, 'stream')).toEqual({
		source: { ...source, versionId: 'v', etag: 'e', checksum: undefined },
		bucket: 'c',
		key: 'l',
		versionId: 'w',
		etag: 'f',
		size: 3,
		copiedBy: 'stream',
		parts: 2,
		skipped: false,
		reason: undefined,
	});
});

it('skippedCopy tells what is there, and that nobody copied', () => {
	expect(skippedCopy(plan, { etag: 'f', versionId: 'w' }, 'why')).toMatchObject({
		versionId: 'w',
		etag: 'f',
		copiedBy: undefined,
		parts: undefined,
		skipped: true,
		reason: 'why',
	});
});
