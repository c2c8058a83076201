import type { Convert } from './Converted';
import { joined } from './expressions';
import { BUCKET_FIELDS, OBJECT_FIELDS, OTHER_NAMES, otherResult } from './listed';
import { optionsOf } from './options';
import { asRecord, bucketOf, isSet, limits } from './parameters';

export const createBucket: Convert = ({ name, additionalFields }) => {
	const { acl, bucketObjectLockEnabled, region, ...others } = asRecord(additionalFields);
	const { notes } = optionsOf(others);
	if (isSet(acl) && acl !== 'Private') {
		notes.push('acl was left out: this package makes private buckets only.');
	}
	if (isSet(region)) {
		notes.push(
			`region was left out: the bucket is made in the region of the credential. Choose one with ${joined(region)}.`,
		);
	}
	return {
		resource: 'bucket',
		operation: 'create',
		parameters: { bucketName: joined(name) },
		options: isSet(bucketObjectLockEnabled) ? { objectLock: bucketObjectLockEnabled } : {},
		notes: [...notes, otherResult('the bucket and its region')],
	};
};

export const deleteBucket: Convert = ({ name }) => ({
	resource: 'bucket',
	operation: 'delete',
	parameters: { bucket: bucketOf(name) },
	options: {},
	notes: [otherResult('the bucket and what was deleted')],
});

export const listBuckets: Convert = (its) => ({
	resource: 'bucket',
	operation: 'list',
	parameters: limits(its),
	options: {},
	notes: ['The items have other names now: Name is bucket, CreationDate is creationDate.'],
	renamed: BUCKET_FIELDS,
});

export const searchBucket: Convert = (its, origin) => {
	const { additionalFields, bucketName } = its;
	const fields = asRecord(additionalFields);
	const { options, notes } = optionsOf(fields);
	if (options.delimiter !== undefined && origin === 's3') {
		delete options.delimiter;
		notes.push('delimiter was left out: n8n’s S3 node does not send it, so all keys were listed.');
	} else if (options.delimiter !== undefined) {
		notes.push(
			fields.includeCommonPrefixes === true
				? 'With a delimiter the list has objects as well as folders; n8n’s node gave the folders alone. An item with a key is an object.'
				: 'With a delimiter the list has folders as well as objects; n8n’s node gave the objects alone. An item without a key is a folder.',
		);
	}
	return {
		resource: 'object',
		operation: 'list',
		parameters: { bucket: bucketOf(bucketName), prefix: joined(fields.prefix), ...limits(its) },
		options,
		notes: [...notes, OTHER_NAMES],
		renamed: OBJECT_FIELDS,
	};
};
