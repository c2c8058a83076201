import type { IAuthenticate, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { assumeRoleFields } from './fields/assumeRole';
import {
	bucketOfRoleField,
	endpointField,
	furtherConnectionFields,
	regionField,
} from './fields/connection';
import { withExpressionMarks } from './fields/expressionFree';
import { behindMoreSettings, moreSettingsField } from './fields/moreSettings';
import { plainHttpNotice } from './fields/plainHttpNotice';
import { signRequest } from './httpRequest/signRequest';

/** The role of the machine that n8n runs on, if the owner of this n8n allows credentials to use it. */
export class AmazonS3AmbientApi implements ICredentialType {
	name = 'amazonS3AmbientApi';

	displayName = 'Amazon S3 Role of the Machine';

	documentationUrl =
		'https://github.com/n8n-nodes-amazon-s3/n8n-nodes-amazon-s3/blob/HEAD/docs/ambient.md';

	icon: Icon = {
		light: 'file:../nodes/AmazonS3/amazonS3.svg',
		dark: 'file:../nodes/AmazonS3/amazonS3.dark.svg',
	};

	properties: INodeProperties[] = withExpressionMarks([
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			options: [
				{
					name: 'Automatic',
					value: 'automatic',
					description:
						'Web Identity or Container if n8n’s environment names one of them, otherwise Instance',
				},
				{
					name: 'Container',
					value: 'container',
					description: 'The task role of ECS and Fargate, or the role of EKS Pod Identity',
				},
				{
					name: 'Instance',
					value: 'instance',
					description: 'The role of an EC2 instance, from its metadata service (IMDSv2)',
				},
				{
					name: 'Web Identity',
					value: 'webIdentity',
					description:
						'The role of a service account in EKS, with the token file of its pods (IRSA)',
				},
			],
			default: 'automatic',
			description: 'Where the machine that n8n runs on gets its role from',
			hint: 'Works only if the owner of this n8n has set N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED=true.',
		},
		regionField,
		bucketOfRoleField,
		moreSettingsField('Another role, endpoint, other regions, limits, proxy, private certificates'),
		...behindMoreSettings([
			...assumeRoleFields,
			endpointField,
			plainHttpNotice,
			...furtherConnectionFields,
		]),
	]);

	authenticate: IAuthenticate = async (credentials, requestOptions) =>
		await signRequest('amazonS3AmbientApi', credentials, requestOptions);
}
