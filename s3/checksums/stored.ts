import { createHash } from 'node:crypto';
import { Crc32, Crc32c, Crc64Nvme } from './crc';
import type { RunningChecksum } from './crc';
import { hasMd5 } from './md5';
import type { GetObjectCommandOutput } from '../sdk';

/** An algorithm of the checksums that S3 stores with objects. */
type StoredAlgorithm = (typeof STORED_ALGORITHMS)[number];

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
const STORED_ALGORITHMS = [
	'CRC64NVME',
	'CRC32',
	'CRC32C',
	'SHA256',
	'SHA1',
	'SHA512',
	'MD5',
	'XXHASH64',
	'XXHASH3',
	'XXHASH128',
] as const;

/** A checksum that S3 has stored with an object. */
export interface StoredChecksum {
	algorithm: StoredAlgorithm;
	/** Base64; `-` and the number of parts follow if it is composite. */
	value: string;
	/** Of all bytes, or of the checksums of the parts that the object was uploaded in. */
	type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** The checksum that a response names, if any. */
export function storedChecksum(
	response: Pick<GetObjectCommandOutput, 'ChecksumType' | `Checksum${StoredAlgorithm}`>,
): StoredChecksum | undefined {
	for (const algorithm of STORED_ALGORITHMS) {
		const value = response[`Checksum${algorithm}`];
		if (value === undefined) continue;
		// Servers that do not name the type still write the number of parts.
		const composite = response.ChecksumType === 'COMPOSITE' || value.includes('-');
		return { algorithm, value, type: composite ? 'COMPOSITE' : 'FULL_OBJECT' };
	}
	return undefined;
}

/** Starts new checksums; undefined for algorithms that this package knows by name only, or Node does not have. */
export function startChecksum(algorithm: StoredAlgorithm): (() => RunningChecksum) | undefined {
	switch (algorithm) {
		case 'CRC32':
			return () => new Crc32();
		case 'CRC32C':
			return () => new Crc32c();
		case 'CRC64NVME':
			return () => new Crc64Nvme();
		case 'SHA1':
		case 'SHA256':
		case 'SHA512':
			return () => createHash(algorithm);
		case 'MD5':
			return hasMd5() ? () => createHash('md5') : undefined;
		default:
			return undefined;
	}
}
