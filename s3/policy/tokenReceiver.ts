import type { Connection, Identity } from '../Connection';
import { S3Failure } from '../S3Failure';
import { limitOf } from './limitOf';

/**
 * Servers of SQS at AWS. Whoever has an account there has other host names below these domains.
 * @see https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
 */
const SQS_OF_AWS =
	/^https:\/\/(([\w-]+\.)?sqs(-fips)?\.[a-z0-9-]+(\.vpce)?|([a-z0-9-]+\.)?queue)\.(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws)$/;

/** Whether requests have the token of a session. */
const hasToken = (identity: Identity): boolean =>
	identity.kind !== 'httpBasic' &&
	(identity.kind !== 'accessKeys' || identity.sessionToken !== undefined);

/**
 * Refuses to send the token of a session to a server that the owner of a connection with a limit does not know: its
 * queue is named by who builds the workflow.
 * @param url of a server of SQS
 * @throws S3Failure of kind `refused`
 */
export function checkTokenReceiver(
	connection: Pick<
		Connection,
		'endpoint' | 'identity' | 'bucketOnly' | 'bucket' | 'readOnly' | 'privacyLevel'
	>,
	url: string,
): void {
	const limit = limitOf(connection);
	if (limit === undefined || !hasToken(connection.identity)) return;
	const { origin, protocol, hostname } = new URL(url);
	const own = connection.endpoint === undefined ? undefined : new URL(connection.endpoint);
	const isOwn = own?.hostname === hostname && own.protocol === protocol;
	if (isOwn || SQS_OF_AWS.test(origin)) return;
	throw S3Failure.refused(
		`${limit}, so its session token is not sent to ${origin}`,
		'Use a queue at AWS or at the server of the credential, or another credential; its owner can change its limits.',
	);
}
