import type { Icon, ICredentialType } from 'n8n-workflow';

import { AmazonS3RolesAnywhereApi } from './AmazonS3RolesAnywhereApi.credentials';

/** A certificate for the second connection of a node: n8n has one credential of a type on a node. */
export class AmazonS3TargetRolesAnywhereApi
	extends AmazonS3RolesAnywhereApi
	implements ICredentialType
{
	override name = 'amazonS3TargetRolesAnywhereApi';

	override displayName = 'Amazon S3 Roles Anywhere Target';

	override documentationUrl =
		'https://github.com/n8n-nodes-amazon-s3/n8n-nodes-amazon-s3/blob/HEAD/docs/roles-anywhere.md';

	override icon: Icon = {
		light: 'file:../nodes/AmazonS3/amazonS3.svg',
		dark: 'file:../nodes/AmazonS3/amazonS3.dark.svg',
	};
}
