import { S3Failure } from '../../s3/S3Failure';
import type { PutRequest } from '../../s3/upload/putObject';
import { offeredBeside } from './offeredBeside';
import type { OptionGroup } from './OptionGroup';
import { notLost, readDate, readOneOf, readSafeguard } from './read';

/**
 * How an object is kept from being deleted or overwritten; undefined: as the bucket says.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export const objectLock: OptionGroup<PutRequest['objectLock']> = {
	fields: [
		{
			displayName: 'Object Lock Legal Hold',
			name: 'objectLockLegalHold',
			type: 'boolean',
			default: false,
			description:
				'Whether to keep the object from being deleted or overwritten until the hold is released',
		},
		{
			displayName: 'Object Lock Mode',
			name: 'objectLockMode',
			type: 'options',
			options: [
				{
					name: 'Compliance',
					value: 'COMPLIANCE',
					description: 'Nobody can shorten the retention, not even the owner of the account',
				},
				{
					name: 'Governance',
					value: 'GOVERNANCE',
					description: 'Users with a special permission can shorten the retention',
				},
			],
			default: 'GOVERNANCE',
			description: 'How strictly the object is retained, together with Object Lock Retain Until',
		},
		...offeredBeside(
			'objectLockMode',
			['GOVERNANCE', 'COMPLIANCE'],
			[
				{
					displayName: 'Object Lock Retain Until',
					name: 'objectLockRetainUntil',
					type: 'dateTime',
					default: '',
					description: 'Until when the object can be neither deleted nor overwritten',
				},
			],
		),
	],
	read: (source) => {
		const legalHold = readSafeguard(source, 'options.objectLockLegalHold');
		const modes = readOneOf(source, 'options.objectLockMode', ['GOVERNANCE', 'COMPLIANCE']);
		const mode = notLost(source, 'options.objectLockMode', modes);
		const retainUntil = readDate(source, 'options.objectLockRetainUntil');
		if ((mode === undefined) !== (retainUntil === undefined)) {
			throw S3Failure.invalid(
				'Object Lock needs a mode and a date, but only one of them is given',
				'Set both Object Lock Mode and Object Lock Retain Until, or neither.',
			);
		}
		if (!legalHold && mode === undefined) return undefined;
		return { mode, retainUntil, legalHold: legalHold || undefined };
	},
};
