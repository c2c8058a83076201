import type { INodeProperties } from 'n8n-workflow';

/** Every AWS region that has S3, by the name AWS shows in its console. */
export const regions = [
	{ name: 'Africa (Cape Town) - af-south-1', value: 'af-south-1' },
	{ name: 'Asia Pacific (Hong Kong) - ap-east-1', value: 'ap-east-1' },
	{ name: 'Asia Pacific (Hyderabad) - ap-south-2', value: 'ap-south-2' },
	{ name: 'Asia Pacific (Jakarta) - ap-southeast-3', value: 'ap-southeast-3' },
	{ name: 'Asia Pacific (Malaysia) - ap-southeast-5', value: 'ap-southeast-5' },
	{ name: 'Asia Pacific (Melbourne) - ap-southeast-4', value: 'ap-southeast-4' },
	{ name: 'Asia Pacific (Mumbai) - ap-south-1', value: 'ap-south-1' },
	{ name: 'Asia Pacific (New Zealand) - ap-southeast-6', value: 'ap-southeast-6' },
	{ name: 'Asia Pacific (Osaka) - ap-northeast-3', value: 'ap-northeast-3' },
	{ name: 'Asia Pacific (Seoul) - ap-northeast-2', value: 'ap-northeast-2' },
	{ name: 'Asia Pacific (Singapore) - ap-southeast-1', value: 'ap-southeast-1' },
	{ name: 'Asia Pacific (Sydney) - ap-southeast-2', value: 'ap-southeast-2' },
	{ name: 'Asia Pacific (Taipei) - ap-east-2', value: 'ap-east-2' },
	{ name: 'Asia Pacific (Thailand) - ap-southeast-7', value: 'ap-southeast-7' },
	{ name: 'Asia Pacific (Tokyo) - ap-northeast-1', value: 'ap-northeast-1' },
	{ name: 'AWS European Sovereign Cloud (Germany) - eusc-de-east-1', value: 'eusc-de-east-1' },
	{ name: 'AWS GovCloud (US-East) - us-gov-east-1', value: 'us-gov-east-1' },
	{ name: 'AWS GovCloud (US-West) - us-gov-west-1', value: 'us-gov-west-1' },
	{ name: 'Canada (Central) - ca-central-1', value: 'ca-central-1' },
	{ name: 'Canada West (Calgary) - ca-west-1', value: 'ca-west-1' },
	{ name: 'China (Beijing) - cn-north-1', value: 'cn-north-1' },
	{ name: 'China (Ningxia) - cn-northwest-1', value: 'cn-northwest-1' },
	{ name: 'Europe (Frankfurt) - eu-central-1', value: 'eu-central-1' },
	{ name: 'Europe (Ireland) - eu-west-1', value: 'eu-west-1' },
	{ name: 'Europe (London) - eu-west-2', value: 'eu-west-2' },
	{ name: 'Europe (Milan) - eu-south-1', value: 'eu-south-1' },
	{ name: 'Europe (Paris) - eu-west-3', value: 'eu-west-3' },
	{ name: 'Europe (Spain) - eu-south-2', value: 'eu-south-2' },
	{ name: 'Europe (Stockholm) - eu-north-1', value: 'eu-north-1' },
	{ name: 'Europe (Zurich) - eu-central-2', value: 'eu-central-2' },
	{ name: 'Israel (Tel Aviv) - il-central-1', value: 'il-central-1' },
	{ name: 'Mexico (Central) - mx-central-1', value: 'mx-central-1' },
	{ name: 'Middle East (Bahrain) - me-south-1', value: 'me-south-1' },
	{ name: 'Middle East (UAE) - me-central-1', value: 'me-central-1' },
	{ name: 'South America (São Paulo) - sa-east-1', value: 'sa-east-1' },
	{ name: 'US East (N. Virginia) - us-east-1', value: 'us-east-1' },
	{ name: 'US East (Ohio) - us-east-2', value: 'us-east-2' },
	{ name: 'US West (N. California) - us-west-1', value: 'us-west-1' },
	{ name: 'US West (Oregon) - us-west-2', value: 'us-west-2' },
];

/** Where the requests are signed for. */
export const regionFields: INodeProperties[] = [
	{
		displayName: 'Region',
		name: 'region',
		type: 'options',
		options: regions,
		default: 'us-east-1',
		description:
			'The AWS region the requests are signed for. Buckets in other regions are found by themselves.',
	},
	{
		displayName: 'Custom Region',
		name: 'customRegion',
		type: 'string',
		default: '',
		placeholder: 'e.g. fr-par',
		description:
			'A region that is not in the list, in lower case with dashes. If set, it is used instead of Region.',
	},
];

/** The bucket a connection is for. */
export const bucketFields: INodeProperties[] = [
	{
		displayName: 'Bucket',
		name: 'bucket',
		type: 'string',
		default: '',
		placeholder: 'e.g. my-bucket',
		description:
			'The bucket this connection is for. Nodes use it where they name no bucket, and saving the credential tests it. Leave it empty for a connection to all buckets.',
	},
	{
		displayName: 'Only This Bucket',
		name: 'bucketOnly',
		type: 'boolean',
		default: false,
		description: 'Whether to refuse every other bucket than the one entered above',
	},
	{
		displayName: 'Privacy Level',
		name: 'privacyLevel',
		type: 'options',
		options: [
			{ name: 'None', value: 'none', description: 'No limit' },
			{
				name: 'Organizational',
				value: 'organizational',
				description: 'For data that stays within the organization: public ACLs are refused',
			},
			{
				name: 'Private',
				value: 'private',
				description: 'For data that stays with this account: public ACLs are refused',
			},
			{
				name: 'Public',
				value: 'public',
				description: 'For data that everybody may see: no limit',
			},
		],
		default: 'none',
		description:
			'What actions with this credential may let out. It limits this credential alone: n8n cannot stop other nodes of a workflow from sending items on.',
	},
];

/** How a server that is not AWS is reached. */
export const endpointField: INodeProperties = {
	displayName: 'Endpoint',
	name: 'endpoint',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://minio.example.com:9000',
	description: 'URL of an S3-compatible server, without a bucket. Leave it empty for AWS.',
};

/** What rarely needs a change. */
export const transferFields: INodeProperties[] = [
	{
		displayName: 'Addressing Style',
		name: 'addressingStyle',
		type: 'options',
		options: [
			{
				name: 'Automatic',
				value: 'auto',
				description:
					'Path style with an endpoint or a dotted bucket name, else virtual-hosted style',
			},
			{
				name: 'Path',
				value: 'path',
				description: 'The bucket is the first part of the path: https://server/bucket/key',
			},
			{
				name: 'Virtual-Hosted',
				value: 'virtual',
				description: 'The bucket is part of the host name: https://bucket.server/key',
			},
		],
		default: 'auto',
		description: 'Where the bucket name goes in the URL of a request',
	},
	{
		displayName: 'Multipart Threshold (MiB)',
		name: 'multipartThresholdMb',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 5120 },
		default: 100,
		description: 'Files larger than this are uploaded in parts',
	},
	{
		displayName: 'Proxy',
		name: 'proxy',
		type: 'options',
		options: [
			{
				name: 'Custom',
				value: 'custom',
				description: 'The proxy entered below, for every request',
			},
			{
				name: 'From Environment',
				value: 'environment',
				description:
					'As the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the machine that n8n runs on say',
			},
			{
				name: 'None',
				value: 'none',
				description: 'Straight to the server',
			},
		],
		default: 'environment',
		description: 'How requests leave the network of n8n',
	},
	{
		displayName: 'Proxy URL',
		name: 'proxyUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. http://proxy.example.com:3128',
		displayOptions: { show: { proxy: ['custom'] } },
		description: 'Scheme, host and port of an HTTP proxy',
	},
	{
		displayName: 'Proxy User',
		name: 'proxyUser',
		type: 'string',
		default: '',
		displayOptions: { show: { proxy: ['custom'] } },
		description: 'Leave it empty for a proxy that wants none',
	},
	{
		displayName: 'Proxy Password',
		name: 'proxyPassword',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		displayOptions: { show: { proxy: ['custom'] } },
	},
	{
		displayName: 'CA Certificate',
		name: 'caCertificate',
		type: 'string',
		typeOptions: { password: true, rows: 4 },
		default: '',
		placeholder: 'e.g. -----BEGIN CERTIFICATE----- …',
		description:
			'PEM of a certificate authority to trust besides the public ones, for a server with a private certificate',
	},
	{
		displayName: 'Ignore SSL Issues (Insecure)',
		name: 'ignoreSslIssues',
		type: 'boolean',
		default: false,
		description: 'Whether to connect even if SSL certificate validation is not possible',
	},
];
