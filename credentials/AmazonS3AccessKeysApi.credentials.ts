import type { IAuthenticate, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { assumeRoleFields } from './fields/assumeRole';
import {
	bucketField,
	endpointField,
	furtherConnectionFields,
	regionField,
} from './fields/connection';
import { withExpressionMarks } from './fields/expressionFree';
import { behindMoreSettings, moreSettingsField } from './fields/moreSettings';
import { plainHttpNotice } from './fields/plainHttpNotice';
import { signRequest } from './httpRequest/signRequest';

/** An access key pair, permanent or temporary. */
export class AmazonS3AccessKeysApi implements ICredentialType {
	name = 'amazonS3AccessKeysApi';

	displayName = 'Amazon S3';

	documentationUrl =
		'https://github.com/n8n-nodes-amazon-s3/n8n-nodes-amazon-s3/blob/HEAD/docs/access-keys.md';

	icon: Icon = {
		light: 'file:../nodes/AmazonS3/amazonS3.svg',
		dark: 'file:../nodes/AmazonS3/amazonS3.dark.svg',
	};

	properties: INodeProperties[] = withExpressionMarks([
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
		regionField,
		endpointField,
		bucketField,
		plainHttpNotice,
		moreSettingsField('Temporary keys, roles, other regions, limits, proxy, private certificates'),
		...behindMoreSettings([
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
				displayOptions: { hide: { temporaryCredentials: [false] } },
				default: '',
			},
			...assumeRoleFields,
			...furtherConnectionFields,
		]),
	]);

	authenticate: IAuthenticate = async (credentials, requestOptions) =>
		await signRequest('amazonS3AccessKeysApi', credentials, requestOptions);
}
