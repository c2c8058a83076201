import type { INodeProperties } from 'n8n-workflow';

import { regions } from './regions';

/** The region that requests are signed for. */
export const regionField: INodeProperties = {
	displayName: 'Region',
	name: 'region',
	type: 'options',
	options: regions,
	default: 'us-east-1',
	description:
		'The AWS region that requests are signed for. Buckets in other regions are found automatically.',
};

/** The bucket that a connection is for. */
export const bucketField: INodeProperties = {
	displayName: 'Bucket',
	name: 'bucket',
	type: 'string',
	default: '',
	placeholder: 'e.g. my-bucket',
	description:
		'The bucket that nodes use if none is entered there. Leave it empty for a connection to all buckets; enter one if listing buckets is not allowed.',
	// One line, for the form to fit on a screen.
	hint: 'Optional. With a bucket, saving checks that its objects can be listed; without one, only that the keys are valid.',
};

/** The same for an identity that is a role. */
export const bucketOfRoleField: INodeProperties = {
	...bucketField,
	hint: 'Optional. With a bucket, saving checks that its objects can be listed; without one, only that AWS grants a session.',
};

/** The URL of a server that is not AWS. */
export const endpointField: INodeProperties = {
	displayName: 'Endpoint',
	name: 'endpoint',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://minio.example.com:9000',
	description: 'URL of an S3-compatible server, without a bucket',
	hint: 'Only for MinIO, Ceph, R2 and other S3-compatible servers. Leave it empty for AWS.',
};

/** A region that is not in the list. */
const customRegionField: INodeProperties = {
	displayName: 'Custom Region',
	name: 'customRegion',
	type: 'string',
	default: '',
	placeholder: 'e.g. fr-par',
	description:
		'A region that is not in the list, in lower case with dashes, or with an Endpoint as its server calls it. If set, it is used instead of the one that is chosen.',
};

/** What actions with a credential may do at most. */
const limitFields: INodeProperties[] = [
	{
		displayName: 'Only This Bucket',
		name: 'bucketOnly',
		type: 'boolean',
		default: false,
		description: 'Whether to allow only the bucket above',
	},
	{
		displayName: 'Read Only',
		name: 'readOnly',
		type: 'boolean',
		default: false,
		description:
			'Whether to refuse everything that changes objects, tags or buckets, also in the HTTP Request node',
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
				description:
					'For data that stays within the organization: public ACLs are refused, and copies to credentials that are neither Organizational nor Private; links live at most an hour',
			},
			{
				name: 'Private',
				value: 'private',
				description:
					'For data that stays with this account: public ACLs, grants, links, upload forms and copies to another credential are refused',
			},
			{
				name: 'Public',
				value: 'public',
				description: 'For data that everybody may see: no limit',
			},
		],
		default: 'none',
		description:
			'What actions with this credential may disclose. It limits this credential alone: n8n cannot stop other nodes of a workflow from sending items on.',
	},
];

/** Shown with a custom proxy, and with an expression that decides it. */
const withProxy: INodeProperties['displayOptions'] = { hide: { proxy: ['environment', 'none'] } };

/** Where others reach the server. */
const publicEndpointField: INodeProperties = {
	displayName: 'Public Endpoint',
	name: 'publicEndpoint',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://files.example.com',
	description:
		'URL under which others reach the same S3 server, if it is not the one that n8n uses. Links and upload forms are signed for it. A CDN address that does not pass requests on to S3 unchanged does not work.',
};

/** What most connections leave as it is: limits, where links lead, and how requests and files are sent. */
export const furtherConnectionFields: INodeProperties[] = [
	customRegionField,
	...limitFields,
	publicEndpointField,
	{
		displayName: 'Addressing Style',
		name: 'addressingStyle',
		type: 'options',
		options: [
			{
				name: 'Automatic',
				value: 'auto',
				description:
					'Path style with an endpoint or a dotted bucket name, otherwise virtual-hosted style',
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
				description: 'Use HTTPS_PROXY, HTTP_PROXY and NO_PROXY of n8n’s environment',
			},
			{
				name: 'None',
				value: 'none',
				description: 'No proxy',
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
		displayOptions: withProxy,
		description: 'Scheme, host and port of an HTTP proxy',
	},
	{
		displayName: 'Proxy User',
		name: 'proxyUser',
		type: 'string',
		default: '',
		displayOptions: withProxy,
		description: 'Leave it empty for a proxy that needs none',
	},
	{
		displayName: 'Proxy Password',
		name: 'proxyPassword',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		displayOptions: withProxy,
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
