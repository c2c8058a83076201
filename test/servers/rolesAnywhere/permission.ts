import type { Account } from './account';
import { denied } from './Refusal';
import type { SessionRequest } from './sessionRequest';

/**
 * The seconds that profile and role allow a session to live.
 * @throws Refusal when they allow none
 */
export function secondsAllowed(
	request: SessionRequest,
	account: Pick<Account, 'profiles' | 'roles'>,
): number {
	const profile = account.profiles.find(({ arn }) => arn === request.profileArn);
	if (profile?.enabled !== true) throw denied('Invalid or empty profile provided.');
	if (!profile.roleArns.includes(request.roleArn)) {
		throw denied("Requested Role isn't one of those listed in the Profile.");
	}
	if (request.roleSessionName !== undefined && !profile.acceptRoleSessionName) {
		throw denied('Not authorized to set roleSessionName.');
	}
	const role = account.roles.find(({ arn }) => arn === request.roleArn);
	const unable = `Unable to assume role for ${request.roleArn}`;
	if (role?.trusts !== true) throw denied(unable, 'the trust policy does not allow it');
	const seconds = Math.min(profile.durationSeconds, request.durationSeconds ?? Infinity);
	if (seconds <= role.maxSessionDuration) return seconds;
	throw denied(
		`${unable}\nThe requested DurationSeconds exceeds the MaxSessionDuration set for this role.`,
	);
}
