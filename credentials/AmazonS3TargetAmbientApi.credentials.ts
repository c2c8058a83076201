import type { Icon, ICredentialType } from 'n8n-workflow';

import { AmazonS3AmbientApi } from './AmazonS3AmbientApi.credentials';

/** The role of the machine for the second connection of a node: n8n has one credential of a type on a node. */
export class AmazonS3TargetAmbientApi extends AmazonS3AmbientApi implements ICredentialType {
	override name = 'amazonS3TargetAmbientApi';

	override displayName = 'Amazon S3 Role of the Machine Target';

	override documentationUrl =
		'https://github.com/n8n-nodes-amazon-s3/n8n-nodes-amazon-s3/blob/HEAD/docs/ambient.md';

	override icon: Icon = {
		light: 'file:../nodes/AmazonS3/amazonS3.svg',
		dark: 'file:../nodes/AmazonS3/amazonS3.dark.svg',
	};
}
