import type { IAuthenticate, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { bucketFields, endpointField, regionFields, transferFields } from './connectionFields';
import { signRequest } from './signRequest';

/** An access key pair, permanent or temporary. */
export class AmazonS3AccessKeysApi implements ICredentialType {
	name = 'amazonS3AccessKeysApi';

	displayName = 'Amazon S3 Access Keys';

	documentationUrl = 'https://github.com/n8n-nodes-amazon-s3/n8n-nodes-amazon-s3#credentials';

	icon: Icon = {
		light: 'file:../nodes/AmazonS3/amazonS3.svg',
		dark: 'file:../nodes/AmazonS3/amazonS3.dark.svg',
	};

	properties: INodeProperties[] = [
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
		...regionFields,
		...bucketFields,
		endpointField,
		...transferFields,
	];

	authenticate: IAuthenticate = async (credentials, requestOptions) =>
		await signRequest('amazonS3AccessKeysApi', credentials, requestOptions);
}
