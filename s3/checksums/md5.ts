import { createHash } from 'node:crypto';

/** Whether this Node has MD5: one that obeys FIPS 140 refuses it. */
export function hasMd5(): boolean {
	try {
		createHash('md5');
		return true;
	} catch {
		return false;
	}
}

/**
 * The checksum for the body of a request that must have one: MD5 is the one that every server understands.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export const requiredChecksum = (): 'MD5' | 'CRC32' => (hasMd5() ? 'MD5' : 'CRC32');
