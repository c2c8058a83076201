import type { IAuthenticate, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import {
	bucketOfRoleField,
	endpointField,
	furtherConnectionFields,
	regionField,
} from './fields/connection';
import { withExpressionMarks } from './fields/expressionFree';
import { behindMoreSettings, moreSettingsField } from './fields/moreSettings';
import { plainHttpNotice } from './fields/plainHttpNotice';
import { regions } from './fields/regions';
import { signRequest } from './httpRequest/signRequest';

/** An X.509 certificate, for which AWS IAM Roles Anywhere issues temporary keys of a role. */
export class AmazonS3RolesAnywhereApi implements ICredentialType {
	name = 'amazonS3RolesAnywhereApi';

	displayName = 'Amazon S3 Roles Anywhere';

	documentationUrl =
		'https://github.com/n8n-nodes-amazon-s3/n8n-nodes-amazon-s3/blob/HEAD/docs/roles-anywhere.md';

	icon: Icon = {
		light: 'file:../nodes/AmazonS3/amazonS3.svg',
		dark: 'file:../nodes/AmazonS3/amazonS3.dark.svg',
	};

	properties: INodeProperties[] = withExpressionMarks([
		{
			displayName: 'Trust Anchor ARN',
			name: 'trustAnchorArn',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/…',
			description: 'The trust anchor in IAM Roles Anywhere that holds the certificate authority',
		},
		{
			displayName: 'Profile ARN',
			name: 'profileArn',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. arn:aws:rolesanywhere:eu-central-1:111122223333:profile/…',
			description: 'The profile in IAM Roles Anywhere that lists the role',
		},
		{
			displayName: 'Role ARN',
			name: 'roleArn',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. arn:aws:iam::111122223333:role/n8n',
			description: 'The role whose permissions the nodes get',
		},
		{
			displayName: 'Certificate',
			name: 'publicCertificate',
			type: 'string',
			typeOptions: { rows: 4 },
			required: true,
			default: '',
			placeholder: 'e.g. -----BEGIN CERTIFICATE----- …',
			description:
				'PEM of the certificate of this n8n; the certificates between it and the trust anchor may follow',
		},
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			required: true,
			default: '',
			placeholder: 'e.g. -----BEGIN PRIVATE KEY----- …',
			description: 'PEM of the private key of the certificate. It never leaves n8n.',
			hint: 'The passphrase of an encrypted key goes under More Settings.',
		},
		{ ...regionField, displayName: 'Region of the Bucket' },
		bucketOfRoleField,
		moreSettingsField(
			'Certificate chain, passphrase, sessions, endpoints, limits, proxy, private certificates',
		),
		...behindMoreSettings([
			{
				displayName: 'Certificate Chain',
				name: 'publicCertificateChain',
				type: 'string',
				typeOptions: { rows: 4 },
				default: '',
				description:
					'PEM of the certificates between the certificate and the trust anchor, if there are any',
			},
			{
				displayName: 'Private Key Passphrase',
				name: 'privateKeyPassphrase',
				type: 'string',
				typeOptions: { password: true },
				default: '',
				description: 'For an encrypted private key',
			},
			{
				displayName: 'Roles Anywhere Region',
				name: 'rolesAnywhereRegion',
				type: 'options',
				options: [{ name: 'As in the Trust Anchor ARN', value: '' }, ...regions],
				default: '',
				description: 'The region of trust anchor and profile. It must be the one in their ARNs.',
			},
			{
				displayName: 'Roles Anywhere Custom Region',
				name: 'rolesAnywhereCustomRegion',
				type: 'string',
				default: '',
				placeholder: 'e.g. eu-central-1',
				description:
					'A region that is not in the list, in lower case with dashes. If set, it is used instead of Roles Anywhere Region.',
			},
			{
				displayName: 'Session Name',
				name: 'sessionName',
				type: 'string',
				default: '',
				placeholder: 'e.g. n8n',
				description: 'Name of the session in AWS CloudTrail, for profiles that accept one',
			},
			{
				displayName: 'Duration (Seconds)',
				name: 'durationSeconds',
				type: 'number',
				typeOptions: { minValue: 900, maxValue: 43200 },
				default: 3600,
				description: 'How long a session lives, 900 to 43200; it is renewed automatically',
			},
			{
				displayName: 'Roles Anywhere Endpoint',
				name: 'rolesAnywhereEndpoint',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://vpce-….rolesanywhere.eu-central-1.vpce.amazonaws.com',
				description: 'URL of a VPC endpoint for IAM Roles Anywhere. Leave it empty for AWS.',
			},
			endpointField,
			plainHttpNotice,
			...furtherConnectionFields,
		]),
	]);

	authenticate: IAuthenticate = async (credentials, requestOptions) =>
		await signRequest('amazonS3RolesAnywhereApi', credentials, requestOptions);
}
