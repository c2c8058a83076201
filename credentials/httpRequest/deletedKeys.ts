import type { Connection } from '../../s3/Connection';
import { checkBucketOnly } from '../../s3/policy/bucketOnly';
import { S3Failure } from '../../s3/S3Failure';
import { decodeEntities } from '../../s3/xmlText';
import { fullyDecoded } from './s3Location';

/** What a key could be hidden in: sections of CDATA, comments, document types, and other encodings than UTF-8. */
const HIDING = /<!|\0|encoding\s*=\s*(?!["']utf-8["'])/i;
const KEY = /<(?:[\w-]+:)?Key(?:\s[^>]*)?>([^<]*)</g;

/**
 * Refuses to delete many objects at once whose keys could lead out of the only bucket of a connection, or are not known.
 *
 * @param body of a POST of `?delete`; undefined if n8n makes it while it sends it
 * @throws {S3Failure} of kind `refused`
 */
export function checkDeletedKeys(
	connection: Connection,
	bucket: string | undefined,
	body: Buffer | undefined,
): void {
	if (!connection.bucketOnly) return;
	const xml = body?.toString();
	if (xml === undefined || HIDING.test(xml)) {
		throw S3Failure.refused(
			`This credential is only for bucket “${connection.bucket ?? ''}”, so no request is signed that deletes many objects whose keys cannot be read`,
			'Send the list as plain XML in UTF-8, or use Delete of the node Amazon S3.',
		);
	}
	for (const [, written = ''] of xml.matchAll(KEY)) {
		checkBucketOnly(connection, { bucket, key: fullyDecoded(decodeEntities(written).trim()) });
	}
}
