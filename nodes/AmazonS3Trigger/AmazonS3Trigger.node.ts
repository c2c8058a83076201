import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';

import { searchBuckets } from '../AmazonS3/pickers';
import { authenticationField } from '../connection/authentication';
import { amazonS3ConnectionTest } from '../connection/connectionTest';
import { bothFields } from './bothFields';
import { estimateRequests } from './estimateRequests';
import { poll } from './poll';
import { pollFields } from './pollFields';
import { testQueue, watchQueue } from './queue';
import { queueFields } from './queueFields';
import { sampleOfBucket } from './sample';

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
		subtitle:
			'={{ [$parameter["watch"] === "poll" ? "" : ($parameter["queueUrl"] || "").split(/[/:]/).pop(), $parameter["watch"] === "queue" ? "" : [$parameter["bucket"], $parameter["prefix"]].filter(Boolean).join("/") || "bucket of the credential"].filter(Boolean).join(" + ") }}',
		// n8n's panel has one row for this and the node with the actions, and shows this description for both.
		description:
			'Upload, download and list files in S3, MinIO, R2 and others, or start workflows with new ones',
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
			{
				name: 'amazonS3AmbientApi',
				required: true,
				testedBy: 'amazonS3ConnectionTest',
				displayOptions: { show: { authentication: ['ambient'] } },
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
						description: 'Lists the bucket at the times that you choose, and finds what is new',
					},
					{
						name: 'Bucket and Queue',
						value: 'both',
						description:
							'Receives the notifications of a bucket as soon as they come, and lists it now and then for objects whose notification was lost',
					},
					{
						name: 'Queue',
						value: 'queue',
						description:
							'Receives the notifications of a bucket from a queue of Amazon SQS, as soon as they come',
					},
				],
				default: 'poll',
				description: 'How to find new objects',
			},
			...pollFields,
			...queueFields,
			...bothFields,
		],
	};

	methods = {
		listSearch: { searchBuckets },
		resourceMapping: { estimateRequests },
		credentialTest: { amazonS3ConnectionTest },
	};

	/** n8n asks for both; a queue is polled only for a test in the editor. */
	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const isTest = this.getMode() === 'manual';
		if (this.getNodeParameter('watch') !== 'queue') {
			return isTest ? await sampleOfBucket(this) : await poll(this);
		}
		return isTest ? await testQueue(this) : null;
	}

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse | undefined> {
		return this.getNodeParameter('watch') === 'poll' ? undefined : await watchQueue(this);
	}
}
