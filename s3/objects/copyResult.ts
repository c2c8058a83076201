import type { Copied, CopyPlan, CopyResult } from './CopyRequest';

/** What is told of a copy that was made. */
export function resultOf(
	{ request, head }: CopyPlan,
	copied: Copied,
	copiedBy: 'server' | 'stream',
): CopyResult {
	const { bucket, key, source } = request;
	const { versionId, checksum } = head;
	return {
		source: { bucket: source.bucket, key: source.key, versionId, etag: head.etag, checksum },
		bucket,
		key,
		versionId: copied.versionId,
		etag: copied.etag,
		size: head.size ?? 0,
		copiedBy,
		parts: copied.parts,
		skipped: false,
		reason: undefined,
	};
}

/** What is told of a copy that is not needed: `found` is there already. */
export function skippedCopy(
	plan: CopyPlan,
	found: Pick<Copied, 'etag' | 'versionId'>,
	reason: string,
): CopyResult {
	const { etag, versionId } = found;
	const result = resultOf(plan, { etag, versionId, parts: 0 }, 'server');
	return { ...result, copiedBy: undefined, parts: undefined, skipped: true, reason };
}
