import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

import type { Connection } from '../../s3/Connection';
import { isHostOfAws, partitionOf } from '../../s3/partitions';
import { bucketNameOf } from '../../s3/policy/bucketAndKey';
import { S3Failure } from '../../s3/S3Failure';
import { labelOf } from './label';
import type { ParameterSource } from './ParameterSource';
import { checkEntered, readLocator, readText } from './read';

/** Any bucket; empty means the credential's. */
export const bucketField: INodeProperties = {
	displayName: 'Bucket',
	name: 'bucket',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description:
		'Name of the bucket, or ARN or alias of an access point. Leave it empty to use the bucket of the credential.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			// A tool has little room for it.
			placeholder: 'Choose, or the credential’s',
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

/** The bucket that an object is copied from. */
export const sourceBucketField: INodeProperties = {
	...bucketField,
	displayName: 'Source Bucket',
	name: 'sourceBucket',
	description:
		'The bucket that the object is in: its name, or ARN or alias of an access point. Leave it empty to use the bucket of the credential.',
};

/** The bucket that an object is copied to. */
export const targetBucketField: INodeProperties = {
	...bucketField,
	displayName: 'Target Bucket',
	description:
		'The bucket that the object is to be in. Leave it empty to use the bucket of the credential, or of the second one if there are two.',
	modes: listedBy('searchTargetBuckets', bucketField),
};

/**
 * The bucket of the node; if it is empty, that of the credential.
 *
 * @param field a field for a bucket
 * @throws {S3Failure} of kind `invalid` when neither names one
 */
export function bucketOf(
	source: ParameterSource,
	connection: Connection,
	{ name, displayName }: Pick<INodeProperties, 'name' | 'displayName'> = bucketField,
): string {
	const given = enteredBucketOf(source, name);
	// An expression that gives nothing for one item must not mean another bucket.
	if (given === undefined) checkEntered(source.entered(name), displayName);
	if (given !== undefined) return given;
	if (connection.bucket !== undefined) return connection.bucket;
	throw S3Failure.invalid(
		'No bucket is given',
		`Choose a ${displayName} in the node, or enter one in the credential.`,
	);
}

/**
 * The same for the same object: by its server, its bucket and its key.
 *
 * @param field a field for its bucket
 * @throws {S3Failure} of kind `invalid` when there is no bucket
 */
export function objectIdOf(
	source: ParameterSource,
	connection: Connection,
	key: string,
	field = bucketField,
): string {
	return JSON.stringify([serverOf(connection), bucketOf(source, connection, field), key]);
}

/** Whatever the endpoint of AWS, a name is that of one bucket in a partition. */
function serverOf({ endpoint, region }: Connection): string {
	const url = endpoint === undefined ? undefined : new URL(endpoint);
	if (url !== undefined && !isHostOfAws(url.hostname)) return url.host;
	return partitionOf(region)?.id ?? region;
}

/** The name of the bucket that a field names; undefined if it names none. */
export function enteredBucketOf(source: ParameterSource, name: string): string | undefined {
	const given = readLocator(source, name)?.trim();
	return given === undefined || given === '' ? undefined : bucketNameOf(given);
}

/** The key of an object that exists. */
export const existingKeyField: INodeProperties = {
	displayName: 'Key',
	name: 'key',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	// A key of another bucket would be a wrong one. With the value itself n8n would also forget the key whenever the
	// expression of the bucket gives something else than before, such as for the first time.
	typeOptions: { loadOptionsDependsOn: ['bucket.cachedResultName'] },
	description: 'The full name of the object in the bucket, with its folders',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a key…',
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

/** The key of the object that is copied. */
export const sourceKeyField: INodeProperties = {
	...existingKeyField,
	displayName: 'Source Key',
	name: 'sourceKey',
	typeOptions: { loadOptionsDependsOn: ['sourceBucket.cachedResultName'] },
	modes: listedBy('searchSourceKeys', existingKeyField),
};

/**
 * The key of an object that exists, untrimmed, because spaces belong to it.
 *
 * @param field a field for such a key
 * @throws {S3Failure} of kind `invalid` when it is empty
 */
export function existingKeyOf(
	source: ParameterSource,
	{ name, displayName }: Pick<INodeProperties, 'name' | 'displayName'> = existingKeyField,
): string {
	const key = readLocator(source, name);
	if (key !== undefined) return key;
	checkEntered(source.entered(name), displayName, false);
	throw S3Failure.invalid(
		'The key is empty',
		`Choose a ${displayName} from the list, or enter one.`,
	);
}

/** The key of an object that need not exist. */
export const newKeyField: INodeProperties = {
	displayName: 'Key',
	name: 'key',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. invoices/2026/0815.pdf',
	description: 'The full name of the object in the bucket, with its folders',
};

/** The key of a copy. */
export const targetKeyField: INodeProperties = {
	...newKeyField,
	displayName: 'Target Key',
	description: 'The full name that the object gets in the target bucket, with its folders',
};

/**
 * The key under which to store an object, untrimmed, because spaces belong to it.
 *
 * @throws {S3Failure} of kind `invalid` when it is empty
 */
export function newKeyOf(source: ParameterSource): string {
	const key = readText(source, 'key');
	if (key !== undefined) return key;
	const label = labelOf(source, 'key');
	checkEntered(source.entered('key'), label, false);
	throw S3Failure.invalid(
		'The key is empty',
		`Enter the ${label} under which to store the object.`,
	);
}

/** The modes of a resource locator whose list another method makes. */
function listedBy(searchListMethod: string, { modes = [] }: INodeProperties): INodePropertyMode[] {
	const typeOptions = { searchListMethod, searchable: true };
	return modes.map((mode) => (mode.name === 'list' ? { ...mode, typeOptions } : mode));
}
