import { storedChecksum } from '../checksums/stored';
import type { StoredChecksum } from '../checksums/stored';
import { bareEtag } from '../headers/etag';
import type { PutRequest } from './PutRequest';

/** One object that was stored. */
export interface PutResult {
	bucket: string;
	key: string;
	/** Bytes stored. */
	size: number;
	/** Without quotes; undefined if the server gives none. */
	etag: string | undefined;
	versionId: string | undefined;
	contentType: string | undefined;
	/** What the server has stored, if it names one. */
	checksum: StoredChecksum | undefined;
	/** How the server says that it has encrypted it, e.g. `aws:kms`; of what came in parts not every server does. */
	encryption: string | undefined;
	/** Parts of a multipart upload; 1 for a single PUT. */
	parts: number;
}

/**
 * The result of a put.
 * @param output the response to the write, or to a HeadObject of what it wrote
 */
export function putResult(
	{ bucket, key, contentType }: PutRequest,
	{ size, parts }: { size: number; parts: number },
	output: Parameters<typeof storedChecksum>[0] & {
		ETag?: string | undefined;
		VersionId?: string | undefined;
		ServerSideEncryption?: string | undefined;
	},
): PutResult {
	return {
		bucket,
		key,
		size,
		etag: bareEtag(output.ETag),
		versionId: output.VersionId,
		contentType,
		checksum: storedChecksum(output),
		encryption: output.ServerSideEncryption,
		parts,
	};
}
