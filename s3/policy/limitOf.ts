import type { Connection } from '../Connection';
import { isLimited } from './privacyLevel';

/** The limit of a connection, as the beginning of a sentence; undefined if it has none. */
export function limitOf({
	bucketOnly,
	bucket,
	readOnly,
	privacyLevel,
}: Pick<Connection, 'bucketOnly' | 'bucket' | 'readOnly' | 'privacyLevel'>): string | undefined {
	if (bucketOnly) return `This credential is only for bucket “${bucket ?? ''}”`;
	if (isLimited(privacyLevel)) return `The Privacy Level of this credential is ${privacyLevel}`;
	return readOnly ? 'This credential is only for reading' : undefined;
}
