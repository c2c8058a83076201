import type { RunningChecksum } from './checksumCrc';
import { startChecksum } from './checksums';
import type { S3 } from './client';
import type { ChecksumAlgorithm, PutRequest } from './PutRequest';
import type { PutObjectCommandInput } from './sdk';

/** What is sent beside some bytes so that the server can tell whether they arrived undamaged. */
export type Integrity = Pick<
	PutObjectCommandInput,
	'ChecksumAlgorithm' | 'ContentMD5' | `Checksum${ChecksumAlgorithm}`
>;

/**
 * The checksum to ask for: AWS takes CRC32 always, other servers only what the user asked for. For an
 * object lock S3 demands one; what every server knows is MD5, which none keeps.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
 */
export function checksumFor(
	{ connection }: S3,
	{ checksum, objectLock }: PutRequest,
): ChecksumAlgorithm | 'MD5' | undefined {
	if (checksum !== undefined) return checksum;
	if (connection.endpoint === undefined) return 'CRC32';
	return objectLock === undefined ? undefined : 'MD5';
}

/** For bytes in memory: a header. */
export function integrityOf(s3: S3, request: PutRequest, body: Buffer): Integrity {
	const checksum = checksumFor(s3, request);
	const sum = checksum && startChecksum(checksum)?.();
	if (checksum === undefined || sum === undefined) return {};
	sum.update(body);
	return header(checksum, sum);
}

/**
 * For bytes that pass by, as often as they are sent: AWS takes the checksum behind them, so they are
 * hashed on the way. Other servers may refuse that or store the trailer as content, so there they are
 * read once before.
 * @returns what gives it for the bytes of a source that can be read again; they are the same each time
 */
export function integrityOnce(
	s3: S3,
	request: PutRequest,
): (read: () => AsyncIterable<Buffer>) => Promise<Integrity> {
	let known: Integrity | undefined;
	return async (read) => (known ??= await integrityOfStream(s3, request, read));
}

async function integrityOfStream(
	s3: S3,
	request: PutRequest,
	read: () => AsyncIterable<Buffer>,
): Promise<Integrity> {
	const checksum = checksumFor(s3, request);
	if (s3.connection.endpoint === undefined && checksum !== 'MD5') {
		return { ChecksumAlgorithm: checksum };
	}
	const sum = checksum && startChecksum(checksum)?.();
	if (checksum === undefined || sum === undefined) return {};
	for await (const chunk of read()) sum.update(chunk);
	return header(checksum, sum);
}

function header(checksum: ChecksumAlgorithm | 'MD5', sum: RunningChecksum): Integrity {
	const value = sum.digest().toString('base64');
	return checksum === 'MD5' ? { ContentMD5: value } : { [`Checksum${checksum}`]: value };
}
