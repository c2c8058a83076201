import type { DeleteRequest } from '../../s3/objects/deleteObjects';
import type { OptionGroup } from './OptionGroup';
import { readBoolean, readTrimmed } from './read';

/** What protects versions from being deleted. */
export const deletion: OptionGroup<Pick<DeleteRequest, 'bypassGovernance' | 'mfa'>> = {
	fields: [
		{
			displayName: 'Bypass Governance Retention',
			name: 'bypassGovernance',
			type: 'boolean',
			default: false,
			description:
				'Whether to delete a version that is retained in governance mode. This needs the permission s3:BypassGovernanceRetention.',
		},
		{
			displayName: 'MFA',
			name: 'mfa',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. arn:aws:iam::…:mfa/me 123456',
			description:
				'Serial number of the device and its code, for buckets with MFA delete. Sent over HTTPS only.',
		},
	],
	read: (source) => ({
		bypassGovernance: readBoolean(source, 'options.bypassGovernance'),
		mfa: readTrimmed(source, 'options.mfa'),
	}),
};
