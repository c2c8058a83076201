import type { RunningChecksum } from '../checksums/crc';
import { startChecksum } from '../checksums/stored';
import type { S3 } from '../client/S3';
import type { ChecksumAlgorithm, PutRequest } from './PutRequest';
import type { PutObjectCommandInput } from '../sdk';

/** What is sent beside some bytes so that the server can tell whether they arrived undamaged. */
export type Integrity = Pick<
	PutObjectCommandInput,
	'ChecksumAlgorithm' | 'ContentMD5' | `Checksum${ChecksumAlgorithm}`
>;

/**
 * The checksum to ask for: AWS takes CRC32 always, other servers only what the user asked for. For an
 * object lock S3 demands one; what every server knows is MD5, which none keeps and which takes longer than
 * a local network.
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

/**
 * Whether the checksum must be known before the first byte is sent. AWS takes it behind the bytes, other
 * servers may refuse that or store the trailer as content, and MD5 has no other place than a header.
 */
export function isHashedFirst(s3: S3, request: PutRequest): boolean {
	const checksum = checksumFor(s3, request);
	if (checksum === undefined) return false;
	return checksum === 'MD5' || s3.connection.endpoint !== undefined;
}

/** For a whole object in memory, which is small: a header. Where there would be none, MD5 costs next to nothing. */
export const integrityOfWhole = (s3: S3, request: PutRequest, body: Buffer): Integrity =>
	integrityOf(s3, { ...request, checksum: checksumFor(s3, request) ?? 'MD5' }, body);

/** For bytes in memory: a header. */
export function integrityOf(s3: S3, request: PutRequest, body: Buffer): Integrity {
	const checksum = checksumFor(s3, request);
	const sum = checksum && startChecksum(checksum)?.();
	if (checksum === undefined || sum === undefined) return {};
	sum.update(body);
	return header(checksum, sum);
}

/**
 * For bytes that pass by, as often as they are sent: hashed on the way where that is early enough, else
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
	const sum = checksum && startChecksum(checksum)?.();
	if (checksum === undefined || sum === undefined) return {};
	if (checksum !== 'MD5' && !isHashedFirst(s3, request)) return { ChecksumAlgorithm: checksum };
	for await (const chunk of read()) sum.update(chunk);
	return header(checksum, sum);
}

function header(checksum: ChecksumAlgorithm | 'MD5', sum: RunningChecksum): Integrity {
	const value = sum.digest().toString('base64');
	return checksum === 'MD5' ? { ContentMD5: value } : { [`Checksum${checksum}`]: value };
}
