import type { Call } from '../Call';
import { startChecksum, storedChecksum } from '../checksums/stored';
import type { S3 } from '../client/S3';
import { bareEtag, isMd5 } from '../headers/etag';
import type { FailedWrite } from '../retry/ambiguousWrite';
import { resolveWrite } from '../write/writtenObject';
import type { FoundObject } from '../write/writtenObject';
import type { PutRequest } from './PutRequest';
import { withSourceReader } from './SourceReader';

/**
 * Finds out whether an object was stored by a PutObject that failed, see `resolveWrite`. The
 * object there counts as stored if it holds the bytes of the source.
 * @throws S3Failure in words that fit what is known; needs s3:GetObject to know it
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function resolvePut(
	s3: S3,
	request: PutRequest,
	failed: FailedWrite,
	call: Call,
): Promise<FoundObject> {
	return await resolveWrite(
		s3,
		request,
		failed,
		(found) => holdsBytesOf(request, found, call),
		call,
	);
}

/**
 * Whether an object holds exactly these bytes: by the checksum that S3 has of them, else by its ETag,
 * which is their MD5 unless S3 encrypts with a KMS key or a customer's own. Reads the source once more.
 */
async function holdsBytesOf(
	request: PutRequest,
	found: FoundObject,
	call: Call,
): Promise<boolean | undefined> {
	const stored = storedChecksum(found);
	const etag = bareEtag(found.ETag);
	const encrypted = found.SSEKMSKeyId !== undefined || request.encryption?.kind === 'customer';
	const start = stored?.type === 'FULL_OBJECT' ? startChecksum(stored.algorithm) : undefined;
	const sum = (start ?? (!encrypted && isMd5(etag) ? startChecksum('MD5') : undefined))?.();
	if (sum === undefined) return undefined;
	await withSourceReader(request, call, async (reader) => {
		for await (const chunk of reader.read(0, Infinity)) sum.update(chunk);
	});
	const digest = sum.digest();
	return start === undefined
		? digest.toString('hex') === etag
		: digest.toString('base64') === stored?.value;
}
