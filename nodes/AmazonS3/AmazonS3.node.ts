import {
	NodeConnectionTypes,
	type ICredentialsDisplayOptions,
	type IDisplayOptions,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { amazonS3ConnectionTest } from '../connection/connectionTest';
import { authenticationField } from '../connection/authentication';
import { operationsOf } from '../run/operation';
import { runOperation } from '../run/runOperation';
import { toolDescriptionsOf } from '../run/toolDescriptions';
import { searchBuckets, searchKeys, searchSourceKeys, searchTargetBuckets } from './pickers';
import { resources } from './resources';

/** What needs no credential. */
const WITHOUT_CONNECTION = { operation: ['parseEvent'] };

/**
 * The target of a copy has a credential of its own only if it is another connection. It is hidden else, and not
 * shown then: the editor takes fields that decide whether a credential is shown, and fields that decide on these,
 * for a part of the authentication, and leaves them out of the form, the operation among them. But without any
 * condition to show it, the editor takes it for the node's own: it then lists the credentials of the source, and of the
 * chosen one only its ID. The version is a condition that no field decides.
 */
function forTarget(authentication: string): ICredentialsDisplayOptions {
	const hide: IDisplayOptions['hide'] = {
		anotherConnection: [{ _cnd: { not: true } }],
		targetAuthentication: [{ _cnd: { not: authentication } }],
	};
	// n8n decides for credentials as for parameters, but types only plain values for them.
	const show: IDisplayOptions['show'] = { '@version': [{ _cnd: { gte: 1 } }] };
	return { show, hide } as ICredentialsDisplayOptions;
}

/** Moves objects between workflows and Amazon S3 or any server that speaks S3. */
export class AmazonS3 implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Amazon S3',
		name: 'amazonS3',
		icon: { light: 'file:amazonS3.svg', dark: 'file:amazonS3.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Upload, download and list files in S3, MinIO, R2 and others',
		defaults: { name: 'Amazon S3' },
		builderHint: {
			searchHint:
				'Objects (files) and buckets in Amazon S3 and every server that speaks S3: MinIO, Ceph, Cloudflare R2, Backblaze B2, Wasabi, DigitalOcean Spaces, Hetzner. Leave Bucket empty to use the bucket of the credential. Delete, Delete by Prefix, Move, Put to a key that exists and deleting a bucket cannot be undone in a bucket without versions.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-base.extractFromFile',
					relationHint: 'Parses the file that Get downloads, such as CSV or PDF',
				},
				{
					nodeType: 'n8n-nodes-base.convertToFile',
					relationHint: 'Makes a file of items for Put to upload',
				},
			],
		},
		// An agent cannot hand over files, but it can put text, get text and JSON, and list.
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'amazonS3AccessKeysApi',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: { show: { authentication: ['accessKeys'] }, hide: WITHOUT_CONNECTION },
			},
			{
				name: 'amazonS3BasicAuthApi',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: { show: { authentication: ['basicAuth'] }, hide: WITHOUT_CONNECTION },
			},
			{
				name: 'amazonS3RolesAnywhereApi',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: { show: { authentication: ['rolesAnywhere'] }, hide: WITHOUT_CONNECTION },
			},
			{
				name: 'amazonS3AmbientApi',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: { show: { authentication: ['ambient'] }, hide: WITHOUT_CONNECTION },
			},
			{
				name: 'amazonS3TargetAccessKeysApi',
				displayName: 'Target Credential',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: forTarget('accessKeys'),
			},
			{
				name: 'amazonS3TargetBasicAuthApi',
				displayName: 'Target Credential',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: forTarget('basicAuth'),
			},
			{
				name: 'amazonS3TargetRolesAnywhereApi',
				displayName: 'Target Credential',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: forTarget('rolesAnywhere'),
			},
			{
				name: 'amazonS3TargetAmbientApi',
				displayName: 'Target Credential',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: forTarget('ambient'),
			},
		],
		properties: [
			...Object.entries(resources).flatMap((one) => toolDescriptionsOf(...one)),
			{ ...authenticationField, displayOptions: { hide: WITHOUT_CONNECTION } },
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Object', value: 'object' },
					{ name: 'Bucket', value: 'bucket' },
					{ name: 'Queue', value: 'queue' },
				],
				default: 'object',
			},
			...operationsOf('object', resources.object, 'get'),
			...operationsOf('bucket', resources.bucket, 'list'),
			...operationsOf('queue', resources.queue, 'acknowledge'),
		],
	};

	methods = {
		listSearch: { searchBuckets, searchKeys, searchSourceKeys, searchTargetBuckets },
		credentialTest: { amazonS3ConnectionTest },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, resources);
	}
}
