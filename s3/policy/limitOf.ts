import type { Connection } from '../Connection';

/** The limit of a connection, as the beginning of a sentence; undefined if it has none. */
export function limitOf({
	bucketOnly,
	bucket,
	readOnly,
	privacyLevel,
}: Pick<Connection, 'bucketOnly' | 'bucket' | 'readOnly' | 'privacyLevel'>): string | undefined {
	if (bucketOnly) return `This credential is only for bucket “${bucket ?? ''}”`;
	if (privacyLevel === 'private' || privacyLevel === 'organizational') {
		return `The Privacy Level of this credential is ${privacyLevel}`;
	}
	return readOnly ? 'This credential is only for reading' : undefined;
}
