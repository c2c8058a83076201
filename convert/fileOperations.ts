import type { Convert } from './Converted';
import { asPattern, isExpression, joined, placeOf } from './expressions';
import { OBJECT_FIELDS, OTHER_NAMES, otherResult } from './listed';
import { optionsOf } from './options';
import { asRecord, bucketOf, isSet, keyOf, limits } from './parameters';
import type { Parameters } from './Workflow';

export const copyFile: Convert = ({ sourcePath, destinationPath, additionalFields }) => {
	const { options, notes } = optionsOf(additionalFields);
	const [source, target] = [placeOf(sourcePath), placeOf(destinationPath)];
	for (const [place, name] of [
		[source, 'Source'],
		[target, 'Target'],
	] as const) {
		if (place === undefined) notes.push(`Enter ${name} Bucket and ${name} Key by hand.`);
	}
	if (isExpression(sourcePath) && sourcePath.includes('encodeURI')) {
		notes.push('The source key is not to be URL-encoded here: take encodeURI… out of it.');
	}
	return {
		resource: 'object',
		operation: 'copy',
		parameters: {
			sourceBucket: bucketOf(source?.bucket),
			sourceKey: keyOf(isExpression(sourcePath) ? source?.key : decoded(source?.key ?? '')),
			bucket: bucketOf(target?.bucket),
			key: target?.key ?? '',
		},
		options,
		notes: [...notes, 'The item has bucket, key and ETag of the copy, in other names.'],
	};
};

/** S3 decodes the source of a copy, so people have entered it encoded. */
function decoded(key: string): string {
	try {
		return decodeURIComponent(key);
	} catch {
		return key;
	}
}

export const uploadFile: Convert = (its) => {
	const { bucketName, fileName, binaryData = true, binaryPropertyName = 'data' } = its;
	const { fileContent, additionalFields, tagsUi } = its;
	const { parentFolderKey } = asRecord(additionalFields);
	const { options, notes } = optionsOf(additionalFields);
	const property = joined(binaryPropertyName);
	const ownName = `={{ $binary[${isExpression(property) ? property.slice(1).replace(/^\{\{|\}\}$/g, '') : JSON.stringify(property)}].fileName }}`;
	const name = binaryData !== false && !isSet(fileName) ? ownName : fileName;
	const parent = isSet(parentFolderKey) ? [parentFolderKey, '/'] : [];
	const tags = asRecord(tagsUi).tagsValues as Parameters[] | undefined;
	if (tags !== undefined && tags.length > 0) {
		options.tags = { tag: tags.map(({ key, value }) => ({ name: key, value })) };
	}
	if (isExpression(binaryData)) {
		notes.push(
			'Binary File is an expression: Source was set to File; choose Text where it is none.',
		);
	}
	const isText = binaryData === false;
	return {
		resource: 'object',
		operation: 'put',
		parameters: {
			bucket: bucketOf(bucketName),
			key: joined(...parent, name),
			...(isText
				? { source: 'text', text: fileContent ?? '' }
				: { source: 'binary', binaryProperty: property }),
		},
		// n8n's node calls every text HTML.
		options: isText ? { contentType: 'text/html', ...options } : options,
		notes: [...notes, 'The item has bucket, key, size and ETag of the object, and keeps the file.'],
	};
};

export const downloadFile: Convert = ({ bucketName, fileKey, binaryPropertyName = 'data' }) => ({
	resource: 'object',
	operation: 'get',
	parameters: {
		bucket: bucketOf(bucketName),
		key: keyOf(fileKey),
		as: 'file',
		binaryProperty: joined(binaryPropertyName),
	},
	options: {},
	notes: [
		"The JSON of the item is what S3 says of the object, and no longer that of the item before. Nodes after it that need that: write $('NAME OF THE NODE BEFORE').item.json instead of $json.",
	],
});

export const deleteFile: Convert = ({ bucketName, fileKey, options: fields }) => {
	const { options, notes } = optionsOf(fields);
	return {
		resource: 'object',
		operation: 'delete',
		parameters: { bucket: bucketOf(bucketName), key: keyOf(fileKey) },
		options,
		notes: [...notes, otherResult('bucket, key and what was deleted')],
	};
};

export const listFiles: Convert = (its) => {
	const { bucketName, options: fields } = its;
	const { folderKey } = asRecord(fields);
	const { options, notes } = optionsOf(fields);
	return {
		resource: 'object',
		operation: 'list',
		parameters: { bucket: bucketOf(bucketName), prefix: joined(folderKey), ...limits(its) },
		// No folders below, and no empty files, which n8n's node leaves out.
		options: { ...options, keyMatches: joined(asPattern(folderKey), '*'), minSize: 1 },
		notes: [
			...notes,
			'Empty files are left out, as n8n’s node does; take Min Size out to have them.',
			OTHER_NAMES,
		],
		renamed: OBJECT_FIELDS,
	};
};
