import type { INodeProperties } from 'n8n-workflow';

/** Fields of the role are shown with the switch on, and with an expression that decides it. */
const withRole: INodeProperties['displayOptions'] = { hide: { assumeRole: [false] } };

/** A role that the identity of a credential may assume. */
export const assumeRoleFields: INodeProperties[] = [
	{
		displayName: 'Assume Role',
		name: 'assumeRole',
		type: 'boolean',
		default: false,
		description: 'Whether to assume a role through AWS STS and to use its permissions',
	},
	{
		displayName: 'Role ARN',
		name: 'roleArn',
		type: 'string',
		displayOptions: withRole,
		default: '',
		placeholder: 'e.g. arn:aws:iam::111122223333:role/n8n',
		description:
			'The role to assume. Its trust policy must name the identity of this credential, or its account.',
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		displayOptions: withRole,
		default: '',
		description: 'The external ID that the trust policy of the role requires, if it does',
	},
	{
		displayName: 'Role Session Name',
		name: 'roleSessionName',
		type: 'string',
		displayOptions: withRole,
		default: '',
		placeholder: 'e.g. n8n',
		description: 'Name of the session in AWS CloudTrail',
	},
	{
		displayName: 'Role Duration (Seconds)',
		name: 'roleDurationSeconds',
		type: 'number',
		typeOptions: { minValue: 900, maxValue: 43200 },
		displayOptions: withRole,
		default: 3600,
		description: 'How long a session lives, 900 to 43200; it is renewed automatically',
	},
];
