import { CALLS } from '../calls/calls';
import type { Connection } from '../Connection';
import { checkBucketKind } from '../policy/bucketKind';
import { checkBucketOnly } from '../policy/bucketOnly';
import { checkMfaCode } from '../policy/mfaCode';
import { checkOwnEndpoint } from '../policy/ownEndpoint';
import { checkOpening } from '../policy/privacyLevel';
import { checkReadOnly } from '../policy/readOnly';
import { checkTarget } from '../policy/target';
import { checkWholeCharacters } from '../policy/wholeCharacters';
import type { Calls } from '../sdk';

/**
 * Refuses, before any request, what is wrong with a call or what the owner of the connection forbids: names
 * that S3 does not have or that lead to another server, other buckets than the only one, changes, what would open data
 * to others, and codes that others could read. It looks at all that the call touches, such as the source of a copy and
 * every key of a bulk delete.
 * @throws S3Failure of kind `invalid` or `refused`
 */
export function authorize<Name extends keyof Calls>(
	connection: Connection,
	name: Name,
	input: Calls[Name]['input'],
): void {
	const { touches, opens } = CALLS[name];
	const targets = touches(input);
	// Only a call about the whole account touches nothing.
	if (targets.length === 0) checkBucketOnly(connection, { bucket: undefined });
	for (const target of targets) checkTarget(connection, target);
	const [about = { bucket: undefined }] = targets;
	checkWholeCharacters(input, about);
	checkOwnEndpoint(connection, about);
	checkMfaCode(connection, input, about);
	// Names of other servers stand for nothing else than a bucket.
	if (connection.endpoint === undefined) checkBucketKind(name, input, targets);
	checkReadOnly(connection, name, about);
	const opening = opens?.(input);
	if (opening !== undefined) checkOpening(connection, opening, about);
}
