import type { INodeProperties } from 'n8n-workflow';

import type { CopyRequest } from '../../s3/objects/copyBetween';
import type { OptionGroup } from './OptionGroup';
import { readBoolean, readEntered, readTrimmed } from './read';

/** Whether an object goes to another account or server. */
export const anotherConnectionField: INodeProperties = {
	displayName: 'To Another Connection',
	name: 'anotherConnection',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description:
		'Whether the target is in the account or on the server of another credential. If both credentials have the same keys, or with the option Copy On the Server, the server copies by itself. Otherwise n8n streams the object.',
};

/** Whether the keys of the second credential read the source, too. */
export const targetKeys: OptionGroup<Pick<CopyRequest, 'withTargetKeys'>> = {
	fields: [
		{
			displayName: 'Copy On the Server',
			name: 'copyOnServer',
			type: 'boolean',
			default: false,
			displayOptions: { show: { '/anotherConnection': [true] } },
			description:
				'Whether the server copies by itself with the keys of the second credential, which must be allowed to read the source. Otherwise it does so only if both credentials have the same keys.',
		},
	],
	read: (source) => ({ withTargetKeys: readBoolean(source, 'options.copyOnServer') }),
};

/** Which object is copied, besides its bucket and key. */
export const copySource: OptionGroup<Omit<CopyRequest['source'], 'bucket' | 'key'>> = {
	fields: [
		{
			displayName: 'Expected Source Bucket Owner',
			name: 'expectedSourceBucketOwner',
			type: 'string',
			default: '',
			placeholder: 'e.g. 111122223333',
			description:
				'ID of the AWS account that the source bucket must belong to. If it belongs to another one, the request fails.',
		},
		{
			displayName: 'If Source ETag Matches',
			name: 'ifSourceMatch',
			type: 'string',
			default: '',
			placeholder: 'e.g. 5d41402abc4b2a76b9719d911017c592',
			description: 'Go on only if this is the ETag of the source',
		},
		{
			displayName: 'Source Encryption Customer Key',
			name: 'sourceEncryptionCustomerKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The customer key, 32 bytes in base64, that the source is encrypted with (SSE-C)',
		},
		{
			displayName: 'Source Version ID',
			name: 'sourceVersionId',
			type: 'string',
			default: '',
			description: 'The version of the source. Leave it empty for the newest.',
		},
	],
	read: (source) => ({
		versionId: readEntered(source, 'options.sourceVersionId'),
		ifMatch: readEntered(source, 'options.ifSourceMatch'),
		customerKey: readTrimmed(source, 'options.sourceEncryptionCustomerKey'),
		expectedBucketOwner: readEntered(source, 'options.expectedSourceBucketOwner'),
	}),
};
