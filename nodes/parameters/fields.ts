import type { INodeProperties } from 'n8n-workflow';

import type { CredentialType } from '../../credentials/read/readConnection';

/** The credential type behind each way to authenticate. */
const credentialTypes = new Map<unknown, CredentialType>([
	['accessKeys', 'amazonS3AccessKeysApi'],
	['basicAuth', 'amazonS3BasicAuthApi'],
	['rolesAnywhere', 'amazonS3RolesAnywhereApi'],
]);

/** The credential type of the chosen `authentication`; access keys where it is unknown or empty. */
export function credentialTypeOf(authentication: unknown): CredentialType {
	return credentialTypes.get(authentication) ?? 'amazonS3AccessKeysApi';
}

export const authenticationField: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Access Keys',
			value: 'accessKeys',
			description: 'An access key ID and secret of AWS or of an S3-compatible server',
		},
		{
			name: 'Basic Auth',
			value: 'basicAuth',
			description: 'User name and password of an S3-compatible server',
		},
		{
			name: 'Roles Anywhere',
			value: 'rolesAnywhere',
			description: 'An X.509 certificate for AWS IAM Roles Anywhere, without long-lived keys',
		},
	],
	default: 'accessKeys',
};

/** Any bucket; empty means the credential's. */
export const bucketField: INodeProperties = {
	displayName: 'Bucket',
	name: 'bucket',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description:
		'The bucket to work in, by name, access point ARN or alias. Leave it empty for the bucket of the credential.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'The bucket of the credential',
			typeOptions: { searchListMethod: 'searchBuckets', searchable: true },
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. my-bucket',
		},
	],
};

/** The key of an object that is there. */
export const existingKeyField: INodeProperties = {
	displayName: 'Key',
	name: 'key',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The full name of the object in the bucket, with its folders',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose or type the beginning of a key…',
			typeOptions: { searchListMethod: 'searchKeys', searchable: true },
		},
		{
			displayName: 'By Key',
			name: 'key',
			type: 'string',
			placeholder: 'e.g. invoices/2026/0815.pdf',
		},
	],
};

/** The key of an object that may not be there yet. */
export const newKeyField: INodeProperties = {
	displayName: 'Key',
	name: 'key',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. invoices/2026/0815.pdf',
	description: 'The full name of the object in the bucket, with its folders',
};

export const concurrencyOption: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 100 },
	default: 8,
	description:
		'How many input items to work on at once. The first item says it for the whole run; the output keeps the order of the items.',
};

export const expectedBucketOwnerOption: INodeProperties = {
	displayName: 'Expected Bucket Owner',
	name: 'expectedBucketOwner',
	type: 'string',
	default: '',
	placeholder: 'e.g. 111122223333',
	description: 'ID of the AWS account the bucket must belong to; in any other the request fails',
};

export const requestPayerOption: INodeProperties = {
	displayName: 'Requester Pays',
	name: 'requestPayer',
	type: 'boolean',
	default: false,
	description: 'Whether to pay for the request oneself, as requester-pays buckets demand',
};

/** SSE-C: S3 encrypts with a key that it does not keep. */
export const customerKeyOption: INodeProperties = {
	displayName: 'Encryption Customer Key',
	name: 'encryptionCustomerKey',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'The key of 32 bytes, as base64, that the object is encrypted with (SSE-C). S3 does not keep it: without it the object is lost.',
};
