import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { searchBuckets } from '../AmazonS3/pickers';
import { authenticationField } from '../connection/authentication';
import { amazonS3ConnectionTest } from '../connection/connectionTest';
import { poll } from './poll';
import { pollFields } from './pollFields';

/** Starts workflows when objects appear in a bucket. */
export class AmazonS3Trigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Amazon S3 Trigger',
		name: 'amazonS3Trigger',
		icon: {
			light: 'file:../AmazonS3/amazonS3.svg',
			dark: 'file:../AmazonS3/amazonS3.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["prefix"]}}',
		description: 'Starts the workflow when objects appear in a bucket',
		defaults: { name: 'Amazon S3 Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'amazonS3AccessKeysApi',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: { show: { authentication: ['accessKeys'] } },
			},
			{
				name: 'amazonS3BasicAuthApi',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: { show: { authentication: ['basicAuth'] } },
			},
			{
				name: 'amazonS3RolesAnywhereApi',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: { show: { authentication: ['rolesAnywhere'] } },
			},
		],
		properties: [
			authenticationField,
			{
				displayName: 'Watch',
				name: 'watch',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Bucket',
						value: 'poll',
						description: 'Lists the bucket now and then, and finds what is new',
					},
				],
				default: 'poll',
				description: 'How to learn of new objects',
			},
			...pollFields,
		],
	};

	methods = {
		listSearch: { searchBuckets },
		credentialTest: { amazonS3ConnectionTest },
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}
