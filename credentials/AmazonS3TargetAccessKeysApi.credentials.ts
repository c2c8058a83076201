import type { Icon, ICredentialType } from 'n8n-workflow';

import { AmazonS3AccessKeysApi } from './AmazonS3AccessKeysApi.credentials';

/** Access keys of the second connection of a node: n8n has one credential of a type on a node. */
export class AmazonS3TargetAccessKeysApi extends AmazonS3AccessKeysApi implements ICredentialType {
	override name = 'amazonS3TargetAccessKeysApi';

	override displayName = 'Amazon S3 Target';

	override documentationUrl =
		'https://github.com/n8n-nodes-amazon-s3/n8n-nodes-amazon-s3/blob/HEAD/docs/access-keys.md';

	override icon: Icon = {
		light: 'file:../nodes/AmazonS3/amazonS3.svg',
		dark: 'file:../nodes/AmazonS3/amazonS3.dark.svg',
	};
}
