import type { Icon, ICredentialType } from 'n8n-workflow';

import { AmazonS3BasicAuthApi } from './AmazonS3BasicAuthApi.credentials';

/** A user name and password for the second connection of a node: n8n has one credential of a type on a node. */
export class AmazonS3TargetBasicAuthApi extends AmazonS3BasicAuthApi implements ICredentialType {
	override name = 'amazonS3TargetBasicAuthApi';

	override displayName = 'S3-Compatible Server Target';

	override documentationUrl =
		'https://github.com/n8n-nodes-amazon-s3/n8n-nodes-amazon-s3/blob/HEAD/docs/basic-auth.md';

	override icon: Icon = {
		light: 'file:../nodes/AmazonS3/amazonS3.svg',
		dark: 'file:../nodes/AmazonS3/amazonS3.dark.svg',
	};
}
