import type { INodeProperties } from 'n8n-workflow';

import type { OptionGroup } from './OptionGroup';
import { readTrimmed } from './read';

/** Where an object is stored, and who else may read it. */
export interface Storage {
	storageClass: string | undefined;
	acl: string | undefined;
}

/** A canned ACL. */
export const aclField: INodeProperties = {
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
	description: 'Who else may read the object. Most buckets have ACLs switched off.',
};

/** The class that an object is stored in. */
export const storageClassField: INodeProperties = {
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
		'Decides what it costs to keep and to read the object. An expression can name any other class.',
};

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
 */
export const storage: OptionGroup<Storage> = {
	fields: [aclField, storageClassField],
	read: (source) => ({
		storageClass: readTrimmed(source, 'options.storageClass'),
		acl: readTrimmed(source, 'options.acl'),
	}),
};
