import type { IAuthenticate, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { bucketFields, endpointField, regionFields, transferFields } from './fields/connection';
import { withSameForAllItems } from './fields/expressionFree';
import { signRequest } from './httpRequest/signRequest';

/** An access key pair, permanent or temporary. */
export class AmazonS3AccessKeysApi implements ICredentialType {
	name = 'amazonS3AccessKeysApi';

	displayName = 'Amazon S3 Access Keys';

	documentationUrl =
		'https://github.com/n8n-nodes-amazon-s3/n8n-nodes-amazon-s3/blob/HEAD/docs/access-keys.md';

	icon: Icon = {
		light: 'file:../nodes/AmazonS3/amazonS3.svg',
		dark: 'file:../nodes/AmazonS3/amazonS3.dark.svg',
	};

	properties: INodeProperties[] = withSameForAllItems([
		{
			displayName: 'Access Key ID',
			name: 'accessKeyId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. AKIAIOSFODNN7EXAMPLE',
		},
		{
			displayName: 'Secret Access Key',
			name: 'secretAccessKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
		},
		{
			displayName: 'Temporary Credentials',
			name: 'temporaryCredentials',
			type: 'boolean',
			default: false,
			description:
				'Whether the keys are temporary and come with a session token, as AWS STS and IAM Identity Center issue them',
		},
		{
			displayName: 'Session Token',
			name: 'sessionToken',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: { show: { temporaryCredentials: [true] } },
			default: '',
		},
		{
			displayName: 'Assume Role',
			name: 'assumeRole',
			type: 'boolean',
			default: false,
			description:
				'Whether to assume a role with these keys through AWS STS and to work with its permissions',
		},
		{
			displayName: 'Role ARN',
			name: 'roleArn',
			type: 'string',
			displayOptions: { show: { assumeRole: [true] } },
			default: '',
			placeholder: 'e.g. arn:aws:iam::111122223333:role/n8n',
			description: 'The role to assume; its trust policy must name these keys or their account',
		},
		{
			displayName: 'External ID',
			name: 'externalId',
			type: 'string',
			displayOptions: { show: { assumeRole: [true] } },
			default: '',
			description: 'The external ID that the trust policy of the role requires, if it does',
		},
		{
			displayName: 'Role Session Name',
			name: 'roleSessionName',
			type: 'string',
			displayOptions: { show: { assumeRole: [true] } },
			default: '',
			placeholder: 'e.g. n8n',
			description: 'Name of the session in AWS CloudTrail',
		},
		{
			displayName: 'Role Duration (Seconds)',
			name: 'roleDurationSeconds',
			type: 'number',
			typeOptions: { minValue: 900, maxValue: 43200 },
			displayOptions: { show: { assumeRole: [true] } },
			default: 3600,
			description: 'How long a session lives, 900 to 43200; it is renewed automatically',
		},
		...regionFields,
		...bucketFields,
		endpointField,
		...transferFields,
	]);

	authenticate: IAuthenticate = async (credentials, requestOptions) =>
		await signRequest('amazonS3AccessKeysApi', credentials, requestOptions);
}
