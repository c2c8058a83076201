import type { RunningChecksum } from '../checksums/crc';
import { startChecksum } from '../checksums/stored';
import type { S3 } from '../client/S3';
import type { PutObjectCommandInput } from '../sdk';
import type { ChecksumAlgorithm, PutRequest } from './PutRequest';

/** What a request says about its body so that the server can tell whether it arrived undamaged. */
export type RequestChecksum = Pick<
	PutObjectCommandInput,
	'ChecksumAlgorithm' | 'ContentMD5' | `Checksum${ChecksumAlgorithm}`
>;

/**
 * The algorithm of the checksum to send. AWS always takes CRC32; other servers get only what the user
 * has asked for. For an object lock S3 demands a checksum: MD5 is the one that every server knows. Servers do not
 * keep it, and hashing is slower than a local network, so that only small objects get it besides, see
 * `requestChecksum`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
 */
export function checksumAlgorithm(
	{ connection }: Pick<S3, 'connection'>,
	{ checksum, objectLock }: PutRequest,
): ChecksumAlgorithm | 'MD5' | undefined {
	if (checksum !== undefined) return checksum;
	if (connection.endpoint === undefined) return 'CRC32';
	return objectLock === undefined ? undefined : 'MD5';
}

/**
 * Whether the checksum must be known before the first byte is sent. AWS takes it in a trailer after the
 * body; other servers may refuse the trailer or store it as content, and MD5 travels in a header only.
 */
export function needsChecksumHeader(s3: Pick<S3, 'connection'>, request: PutRequest): boolean {
	const algorithm = checksumAlgorithm(s3, request);
	if (algorithm === undefined) return false;
	return algorithm === 'MD5' || s3.connection.endpoint !== undefined;
}

/**
 * The checksum of a body in memory, in a header.
 * @param least for a whole object, if there would be none otherwise: one so small gets at least MD5
 */
export function requestChecksum(
	s3: Pick<S3, 'connection'>,
	request: PutRequest,
	body: Buffer,
	least?: 'MD5',
): RequestChecksum {
	const algorithm = checksumAlgorithm(s3, request) ?? least;
	const sum = algorithm && startChecksum(algorithm)?.();
	if (algorithm === undefined || sum === undefined) return {};
	sum.update(body);
	return headerOf(algorithm, sum);
}

/**
 * The checksum of a body that is streamed, perhaps more than once: the SDK computes it on the way if a
 * trailer is allowed; otherwise the body is read once before it is sent for the first time.
 * @returns a function that gives the checksum; `read` gives the body, each time the same bytes
 */
export function checksumOnce(
	s3: Pick<S3, 'connection'>,
	request: PutRequest,
): (read: () => AsyncIterable<Buffer>) => Promise<RequestChecksum> {
	let known: RequestChecksum | undefined;
	return async (read) => (known ??= await streamChecksum(s3, request, read));
}

async function streamChecksum(
	s3: Pick<S3, 'connection'>,
	request: PutRequest,
	read: () => AsyncIterable<Buffer>,
): Promise<RequestChecksum> {
	const algorithm = checksumAlgorithm(s3, request);
	const sum = algorithm && startChecksum(algorithm)?.();
	if (algorithm === undefined || sum === undefined) return {};
	if (algorithm !== 'MD5' && !needsChecksumHeader(s3, request)) {
		return { ChecksumAlgorithm: algorithm };
	}
	for await (const chunk of read()) sum.update(chunk);
	return headerOf(algorithm, sum);
}

function headerOf(algorithm: ChecksumAlgorithm | 'MD5', sum: RunningChecksum): RequestChecksum {
	const value = sum.digest().toString('base64');
	return algorithm === 'MD5' ? { ContentMD5: value } : { [`Checksum${algorithm}`]: value };
}
