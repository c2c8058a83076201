import type { IAuthenticate, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

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

/** A server's address with a user name and password, as self-hosted S3 servers hand them out. */
export class AmazonS3BasicAuthApi implements ICredentialType {
	name = 'amazonS3BasicAuthApi';

	displayName = 'S3-Compatible Server (MinIO, Ceph, R2)';

	documentationUrl =
		'https://github.com/n8n-nodes-amazon-s3/n8n-nodes-amazon-s3/blob/HEAD/docs/basic-auth.md';

	icon: Icon = {
		light: 'file:../nodes/AmazonS3/amazonS3.svg',
		dark: 'file:../nodes/AmazonS3/amazonS3.dark.svg',
	};

	properties: INodeProperties[] = withExpressionMarks([
		// No more hints than needed, for the form to fit on a screen.
		{ ...endpointField, required: true, hint: '' },
		{
			displayName: 'User Name',
			name: 'username',
			type: 'string',
			required: true,
			default: '',
			description: 'The user name; with Signature Version 4 it is the access key ID',
			hint: 'For MinIO, Ceph, R2 and most others: the access key ID here, and the secret access key as password',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The password; with Signature Version 4 it is the secret access key',
		},
		{
			...regionField,
			description: 'The region that requests are signed for, as the server calls it',
			hint: 'Most servers use us-east-1. If yours is not in the list, enter it under More Settings.',
		},
		bucketField,
		plainHttpNotice,
		moreSettingsField('HTTP Basic, other regions, limits, proxy, private certificates'),
		...behindMoreSettings([
			{
				displayName: 'Scheme',
				name: 'scheme',
				type: 'options',
				options: [
					{
						name: 'Signature Version 4',
						value: 'sigv4',
						description:
							'Requests are signed and the password is never sent. This is what S3 servers expect.',
					},
					{
						name: 'HTTP Basic',
						value: 'http',
						description:
							'User name and password are sent in an Authorization header, for a gateway in front of the server that asks for them',
					},
				],
				default: 'sigv4',
				description: 'How user name and password are used',
			},
			...furtherConnectionFields,
		]),
	]);

	authenticate: IAuthenticate = async (credentials, requestOptions) =>
		await signRequest('amazonS3BasicAuthApi', credentials, requestOptions);
}
