import type { Convert, Origin } from './Converted';
import { asPattern, codeOf, isExpression, joined, placeOf } from './expressions';
import { folderBefore, keyAsSent, keyNotes, withoutPlaceholders } from './keys';
import { OBJECT_FIELDS, OTHER_NAMES, otherResult, WRITTEN_FIELDS } from './listed';
import { optionsOf } from './options';
import { asRecord, bucketOf, isSet, keyOf, limits } from './parameters';
import type { Parameters } from './Workflow';

export const copyFile: Convert = ({ sourcePath, destinationPath, additionalFields }) => {
	const { options, notes } = optionsOf(additionalFields);
	const { path, versionId } = versionedPath(sourcePath);
	const [source, target] = [placeOf(path), placeOf(destinationPath)];
	for (const [place, name] of [
		[source, 'Source'],
		[target, 'Target'],
	] as const) {
		if (place === undefined) notes.push(`Enter ${name} Bucket and ${name} Key by hand.`);
	}
	if (versionId === undefined && isExpression(path) && path.includes('versionId')) {
		notes.push(
			'The version of the source is not part of its key here: enter Source Version ID by hand.',
		);
	}
	return {
		resource: 'object',
		operation: 'copy',
		parameters: {
			sourceBucket: bucketOf(source?.bucket),
			sourceKey: keyOf(keyAsSent(source?.key)),
			bucket: bucketOf(target?.bucket),
			key: keyAsSent(target?.key),
		},
		options: versionId === undefined ? options : { ...options, sourceVersionId: versionId },
		notes: [
			...notes,
			...keyNotes({ 'Source Key': sourcePath, 'Target Key': destinationPath }),
			'The item has bucket, key and ETag of the copy, in other names, and no LastModified.',
		],
		renamed: WRITTEN_FIELDS,
	};
};

/** S3 takes the version of a source after its key. */
function versionedPath(sourcePath: unknown): { path: unknown; versionId: string | undefined } {
	const path = joined(sourcePath);
	const [, before, versionId] =
		/^([^]*)\?versionId=((?:[^{}&'"`]|\{\{[^]*?\}\})+)$/.exec(path) ?? [];
	if (before === undefined || versionId === undefined) return { path, versionId: undefined };
	return { path: before, versionId: versionId.includes('{{') ? `=${versionId}` : versionId };
}

export const uploadFile: Convert = (its, origin, isTool) => {
	const { bucketName, fileName, binaryData = true, binaryPropertyName = 'data' } = its;
	const { fileContent, additionalFields, tagsUi } = its;
	const { parentFolderKey } = asRecord(additionalFields);
	const { options, notes } = optionsOf(additionalFields);
	const isText = binaryData === false;
	const ownName = `={{ $binary[${codeOf(binaryPropertyName)}].fileName }}`;
	const name = !isText && !isSet(fileName) ? ownName : keyAsSent(fileName);
	const key = joined(...folderBefore(keyAsSent(parentFolderKey)), name);
	const tags = asRecord(tagsUi).tagsValues as Parameters[] | undefined;
	if (tags !== undefined && tags.length > 0) {
		options.tags = { tag: tags.map(({ key, value }) => ({ name: key, value })) };
	}
	if (isExpression(binaryData)) {
		notes.push(
			'Binary File is an expression: Source was set to File; choose Text where it is none.',
		);
	}
	if (isTool && !isText) notes.push('An agent cannot give files: set Source to Text or URL.');
	const givesNames = !isText && origin === 'awsS3V2';
	return {
		resource: 'object',
		operation: 'put',
		parameters: {
			bucket: bucketOf(bucketName),
			...(isText
				? { key, source: 'text', text: fileContent ?? '' }
				: {
						key: withoutPlaceholders(key),
						source: 'binary',
						binaryProperty: joined(binaryPropertyName),
					}),
		},
		// n8n's node calls every text HTML.
		options: isText ? { contentType: 'text/html', ...options } : options,
		notes: [...notes, ...keyNotes({ Key: [parentFolderKey, fileName] }), uploaded(origin, isText)],
		...(givesNames ? { renamed: WRITTEN_FIELDS } : {}),
	};
};

const uploaded = (origin: Origin, isText: boolean): string =>
	origin === 'awsS3V2' && !isText
		? 'The item has bucket, key, size and ETag of the object, in other names, and keeps the file. It has no Location: for a link take Get Presigned URL.'
		: otherResult('bucket, key, size and ETag of the object, and keeps the file');

export const downloadFile: Convert = (its, _, isTool) => {
	const { bucketName, fileKey, binaryPropertyName = 'data' } = its;
	const place = { bucket: bucketOf(bucketName), key: keyOf(keyAsSent(fileKey)) };
	return {
		resource: 'object',
		operation: 'get',
		parameters: isTool
			? { ...place, as: 'text' }
			: { ...place, as: 'file', binaryProperty: joined(binaryPropertyName) },
		options: {},
		notes: [
			...keyNotes({ Key: fileKey }),
			isTool
				? 'The agent gets the content as text, cut at Max Text (Bytes): it cannot read files.'
				: "The JSON of the item is what S3 says of the object, and no longer that of the item before, and its file is the only one. Nodes after it that need what the item before had: write $('NAME OF THE NODE BEFORE').item in place of $json and $binary.",
		],
	};
};

export const deleteFile: Convert = ({ bucketName, fileKey, options: fields }) => {
	const { options, notes } = optionsOf(fields);
	return {
		resource: 'object',
		operation: 'delete',
		parameters: { bucket: bucketOf(bucketName), key: keyOf(keyAsSent(fileKey)) },
		options,
		notes: [
			...notes,
			...keyNotes({ Key: fileKey }),
			otherResult('bucket, key and what was deleted'),
		],
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
			'It reads the keys of the folders below, too, and leaves them out. If these are very many, remove Key Matches, set Delimiter to / and filter out items without a key.',
			OTHER_NAMES,
		],
		renamed: OBJECT_FIELDS,
	};
};
