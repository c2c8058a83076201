import type { Convert } from './Converted';
import { joined } from './expressions';
import { folderBefore, keyAsSent, keyNotes } from './keys';
import { OBJECT_FIELDS, OTHER_NAMES, otherResult } from './listed';
import { optionsOf } from './options';
import { asRecord, bucketOf, limits } from './parameters';

export const createFolder: Convert = ({ bucketName, folderName, additionalFields }, origin) => {
	const { parentFolderKey } = asRecord(additionalFields);
	const { options, notes } = optionsOf(additionalFields);
	const parent = keyAsSent(parentFolderKey);
	return {
		resource: 'object',
		operation: 'put',
		parameters: {
			bucket: bucketOf(bucketName),
			// The older ones put no slash between the two.
			key: joined(
				...(origin === 'awsS3V2' ? folderBefore(parent) : [parent]),
				keyAsSent(folderName),
				'/',
			),
			source: 'text',
			text: '',
		},
		options: { contentType: 'application/x-directory', ...options },
		notes: [
			...notes,
			...keyNotes({ Key: [parentFolderKey, folderName] }),
			otherResult('bucket, key and ETag of the object that marks the folder'),
		],
	};
};

export const deleteFolder: Convert = ({ bucketName, folderKey }) => ({
	resource: 'object',
	operation: 'deleteByPrefix',
	parameters: { bucket: bucketOf(bucketName), prefix: joined(folderKey) },
	options: {},
	notes: [
		'It deletes at most 1,000 objects, and none if there are more: raise Max Objects if you mean to.',
		'The item no longer lists what was deleted: it has the number. Switch on Receipt for the list.',
	],
});

export const listFolders: Convert = (its) => {
	const { bucketName, options: fields } = its;
	const { folderKey } = asRecord(fields);
	const { options, notes } = optionsOf(fields);
	return {
		resource: 'object',
		operation: 'list',
		parameters: { bucket: bucketOf(bucketName), prefix: joined(folderKey), ...limits(its) },
		options: { ...options, keyMatches: '**/', excludePrefixItself: true },
		notes: [
			...notes,
			'Objects with content whose key ends with a slash are listed, too; n8n’s node leaves them out.',
			OTHER_NAMES,
		],
		renamed: OBJECT_FIELDS,
	};
};
