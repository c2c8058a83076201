import type { Target } from '../calls/calls';
import type { Connection } from '../Connection';
import { nameOf } from '../errors/failureFrom';
import { isLoopback } from '../loopback';
import { S3Failure } from '../S3Failure';

/**
 * Refuses to send the code of an MFA device where others could read it: S3 takes it over HTTPS alone.
 * @param input of a call
 * @throws S3Failure of kind `invalid`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html
 */
export function checkMfaCode(
	{ endpoint }: Pick<Connection, 'endpoint'>,
	input: object,
	{ bucket, key }: Target,
): void {
	const code = 'MFA' in input ? input.MFA : undefined;
	if (code === undefined || endpoint === undefined) return;
	const { protocol, hostname } = new URL(endpoint);
	if (protocol === 'https:' || isLoopback(hostname)) return;
	throw S3Failure.invalid(
		`The code for MFA is not sent for ${nameOf(bucket, key)}: the Endpoint of the credential begins with http://, so others could read it on the way`,
		'Use an Endpoint that begins with https://, or remove MFA from the options.',
		{ bucket, key },
	);
}
