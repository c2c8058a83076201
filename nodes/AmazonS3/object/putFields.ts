import type { INodeProperties } from 'n8n-workflow';

import {
	concurrencyOption,
	customerKeyOption,
	expectedBucketOwnerOption,
	requestPayerOption,
} from '../../parameters/fields';

/** S3 stores at most so many tags with an object. */
export const MOST_TAGS = 10;

/** What can be said of an object to be stored besides its key and content. */
export const putOptionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'ACL',
			name: 'acl',
			type: 'options',
			options: [
				{ name: 'Authenticated Read', value: 'authenticated-read' },
				{ name: 'AWS Exec Read', value: 'aws-exec-read' },
				{ name: 'Bucket Owner Full Control', value: 'bucket-owner-full-control' },
				{ name: 'Bucket Owner Read', value: 'bucket-owner-read' },
				{ name: 'Private', value: 'private' },
				{ name: 'Public Read', value: 'public-read' },
				{ name: 'Public Read Write', value: 'public-read-write' },
			],
			default: 'private',
			description: 'Who else may read the object; most buckets have ACLs switched off',
		},
		{
			displayName: 'Cache Control',
			name: 'cacheControl',
			type: 'string',
			default: '',
			placeholder: 'e.g. max-age=3600',
			description: 'How long browsers and proxies may keep the object',
		},
		{
			displayName: 'Checksum',
			name: 'checksum',
			type: 'options',
			options: [
				{ name: 'CRC32', value: 'CRC32' },
				{ name: 'CRC32C', value: 'CRC32C' },
				{ name: 'CRC64NVME', value: 'CRC64NVME' },
				{ name: 'MD5', value: 'MD5', description: 'Known by every server, and not kept by it' },
				{ name: 'SHA-1', value: 'SHA1' },
				{ name: 'SHA-256', value: 'SHA256' },
			],
			default: 'CRC32',
			description:
				'A checksum that S3 verifies and keeps with the object. Servers other than Amazon S3 may not know every one of these; all know MD5.',
		},
		concurrencyOption,
		{
			displayName: 'Content Disposition',
			name: 'contentDisposition',
			type: 'string',
			default: '',
			placeholder: 'e.g. attachment; filename="invoice.pdf"',
			description: 'Whether browsers show or save the object, and under which name',
		},
		{
			displayName: 'Content Encoding',
			name: 'contentEncoding',
			type: 'string',
			default: '',
			placeholder: 'e.g. gzip',
			description: 'How the content is already encoded; the bytes are stored as they come',
		},
		{
			displayName: 'Content Language',
			name: 'contentLanguage',
			type: 'string',
			default: '',
			placeholder: 'e.g. en-GB',
			description: 'The language of the content',
		},
		{
			displayName: 'Content Type',
			name: 'contentType',
			type: 'string',
			default: '',
			placeholder: 'e.g. application/pdf',
			description:
				'The type of the content. Left empty, it is the type of the file, or plain text.',
		},
		{
			displayName: 'Encryption',
			name: 'encryption',
			type: 'options',
			options: [
				{ name: 'Amazon S3 Key (SSE-S3)', value: 's3' },
				{ name: 'AWS KMS Key (SSE-KMS)', value: 'kms' },
				{ name: 'AWS KMS Key, Two Layers (DSSE-KMS)', value: 'kmsDsse' },
				{ name: 'Bucket Default', value: 'none' },
				{ name: 'Own Key (SSE-C)', value: 'customer' },
			],
			default: 'none',
			description: 'How S3 encrypts the object; see also the other options of this name',
		},
		{
			displayName: 'Encryption Bucket Key',
			name: 'encryptionBucketKey',
			type: 'boolean',
			default: false,
			description: 'Whether to use an S3 bucket key, which makes fewer requests to AWS KMS',
		},
		customerKeyOption,
		{
			displayName: 'Encryption KMS Context',
			name: 'encryptionKmsContext',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add context',
			default: {},
			options: [
				{
					displayName: 'Context',
					name: 'entry',
					values: [
						{ displayName: 'Name', name: 'name', type: 'string', default: '' },
						{ displayName: 'Value', name: 'value', type: 'string', default: '' },
					],
				},
			],
			description: 'What AWS KMS keeps with the encryption, for its logs and policies',
		},
		{
			displayName: 'Encryption KMS Key ID',
			name: 'encryptionKmsKeyId',
			type: 'string',
			default: '',
			placeholder: 'e.g. arn:aws:kms:eu-central-1:111122223333:key/…',
			description: 'ID or ARN of the KMS key. Left empty, it is the key AWS manages for S3.',
		},
		{
			displayName: 'ETag',
			name: 'etag',
			type: 'string',
			default: '',
			placeholder: 'e.g. d41d8cd98f00b204e9800998ecf8427e',
			description:
				'The ETag of the object that may be overwritten, with Overwrite set to If ETag Matches',
		},
		expectedBucketOwnerOption,
		{
			displayName: 'Expires',
			name: 'expires',
			type: 'dateTime',
			default: '',
			description: 'When the object is no longer to be cached; it is not deleted then',
		},
		{
			displayName: 'Metadata',
			name: 'metadata',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add metadata',
			default: {},
			options: [
				{
					displayName: 'Entry',
					name: 'entry',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							placeholder: 'e.g. invoice-number',
							description: 'The name without the prefix x-amz-meta-; S3 keeps it in lower case',
						},
						{ displayName: 'Value', name: 'value', type: 'string', default: '' },
					],
				},
			],
			description: 'Names and values to keep with the object',
		},
		{
			displayName: 'Multipart Threshold (MiB)',
			name: 'multipartThresholdMb',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 5120 },
			default: 100,
			description:
				'Files larger than this are uploaded in parts. Without this option, the threshold of the credential holds.',
		},
		{
			displayName: 'Object Lock Legal Hold',
			name: 'objectLockLegalHold',
			type: 'boolean',
			default: false,
			description:
				'Whether to keep the object from being deleted or overwritten until it is released',
		},
		{
			displayName: 'Object Lock Mode',
			name: 'objectLockMode',
			type: 'options',
			options: [
				{
					name: 'Compliance',
					value: 'COMPLIANCE',
					description: 'Nobody can shorten the retention, not even the account',
				},
				{
					name: 'Governance',
					value: 'GOVERNANCE',
					description: 'Users with a special permission can shorten the retention',
				},
			],
			default: 'GOVERNANCE',
			description: 'How strictly the object is retained, together with Object Lock Retain Until',
		},
		{
			displayName: 'Object Lock Retain Until',
			name: 'objectLockRetainUntil',
			type: 'dateTime',
			default: '',
			description: 'Until when the object can be neither deleted nor overwritten',
		},
		{
			displayName: 'Overwrite',
			name: 'overwrite',
			type: 'options',
			options: [
				{ name: 'Always', value: 'always', description: 'Replace an object of the same key' },
				{
					name: 'If ETag Matches',
					value: 'ifMatch',
					description: 'Replace the object only while it still has the ETag of the option ETag',
				},
				{ name: 'Never', value: 'never', description: 'Fail if an object of the same key exists' },
			],
			default: 'always',
			description: 'What to do when an object of the same key exists',
		},
		{
			displayName: 'Part Size (MiB)',
			name: 'partSizeMb',
			type: 'number',
			typeOptions: { minValue: 5, maxValue: 5120 },
			default: 8,
			description:
				'Size of the parts of a multipart upload; it grows by itself for files that would need more than 10,000 parts',
		},
		requestPayerOption,
		{
			displayName: 'Storage Class',
			name: 'storageClass',
			type: 'options',
			options: [
				{ name: 'Express One Zone', value: 'EXPRESS_ONEZONE' },
				{ name: 'Glacier Deep Archive', value: 'DEEP_ARCHIVE' },
				{ name: 'Glacier Flexible Retrieval', value: 'GLACIER' },
				{ name: 'Glacier Instant Retrieval', value: 'GLACIER_IR' },
				{ name: 'Intelligent-Tiering', value: 'INTELLIGENT_TIERING' },
				{ name: 'One Zone-Infrequent Access', value: 'ONEZONE_IA' },
				{ name: 'Reduced Redundancy', value: 'REDUCED_REDUNDANCY' },
				{ name: 'Standard', value: 'STANDARD' },
				{ name: 'Standard-Infrequent Access', value: 'STANDARD_IA' },
			],
			default: 'STANDARD',
			description:
				'What the object costs to keep and to read; an expression can name any other class',
		},
		{
			displayName: 'Tags',
			name: 'tags',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, maxAllowedFields: MOST_TAGS },
			placeholder: 'Add tag',
			default: {},
			options: [
				{
					displayName: 'Tag',
					name: 'tag',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							placeholder: 'e.g. project',
						},
						{ displayName: 'Value', name: 'value', type: 'string', default: '' },
					],
				},
			],
			description: 'At most 10 tags, which need the permission s3:PutObjectTagging',
		},
	],
};
