import type { Exchange } from './Exchange';
import { S3Error } from './S3Error';
import type { Version } from './store';

/**
 * Whether the request asks to delete what is locked in governance mode.
 * @throws S3Error `AccessDenied` if the user may not bypass that mode for this key
 */
export function bypassesGovernance(exchange: Exchange, key = exchange.keyText): boolean {
	if (exchange.headers['x-amz-bypass-governance-retention']?.toLowerCase() !== 'true') return false;
	exchange.allow('s3:BypassGovernanceRetention', key);
	return true;
}

/**
 * @throws S3Error `AccessDenied` if the version is locked and must not be deleted for good
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function checkLock(version: Version | undefined, bypass: boolean): void {
	const headers = version?.headers ?? {};
	const until = Date.parse(headers['x-amz-object-lock-retain-until-date'] ?? '');
	const held = headers['x-amz-object-lock-legal-hold'] === 'ON';
	const retained =
		until > Date.now() && !(bypass && headers['x-amz-object-lock-mode'] === 'GOVERNANCE');
	if (!held && !retained) return;
	throw new S3Error(403, 'AccessDenied', 'Access Denied because object protected by object lock.');
}

/**
 * @throws S3Error `AccessDenied` if the bucket wants a code of a device and the request has none, a
 * wrong one, or one that came without TLS
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html
 */
export function checkMfa(exchange: Exchange): void {
	if (exchange.bucket.mfaDelete) requireMfa(exchange);
}

/** The same, whatever the bucket wants. */
export function requireMfa({ headers, user, settings }: Exchange): void {
	const given = headers['x-amz-mfa'];
	if (given === undefined) {
		throw new S3Error(403, 'AccessDenied', 'Mfa Authentication must be used for this request');
	}
	if (!settings.secure || given !== user.mfa) {
		throw new S3Error(403, 'AccessDenied', 'Access Denied');
	}
}
