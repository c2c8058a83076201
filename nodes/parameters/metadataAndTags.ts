import type { INodeProperties } from 'n8n-workflow';

import { MAX_TAGS } from '../../s3/headers/tagging';
import type { CopyRequest } from '../../s3/objects/copyBetween';
import { offeredBeside } from './offeredBeside';
import type { OptionGroup } from './OptionGroup';
import type { ParameterSource } from './ParameterSource';
import { readPairs } from './pairs';
import { readOneOf } from './read';

/** What people keep with an object besides its content. */
export interface MetadataAndTags {
	metadata: Record<string, string> | undefined;
	tags: Record<string, string> | undefined;
}

/**
 * A field for tags.
 *
 * @param most tags that S3 keeps
 * @param displayOptions when tags have values
 */
export const tagsField = (
	most: number,
	description: string,
	displayOptions: INodeProperties['displayOptions'] = {},
): INodeProperties => ({
	displayName: 'Tags',
	name: 'tags',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, maxAllowedFields: most },
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
				{ displayName: 'Value', name: 'value', type: 'string', default: '', displayOptions },
			],
		},
	],
	description,
});

/** A field for the tags of an object, see `tagsField`. */
export const objectTagsField = (
	description: string,
	displayOptions?: INodeProperties['displayOptions'],
): INodeProperties => tagsField(MAX_TAGS, description, displayOptions);

/** The tags of the option Tags, by name. */
export const readTags = (source: ParameterSource): Record<string, string> | undefined =>
	readPairs(source, 'options.tags.tag', 'tag');

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
export const metadataAndTags: OptionGroup<MetadataAndTags> = {
	fields: [
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
		objectTagsField('At most 10 tags, which need the permission s3:PutObjectTagging'),
	],
	read: (source) => ({
		metadata: readPairs(source, 'options.metadata.entry', 'metadata'),
		tags: readTags(source),
	}),
};

/** The fields of `metadataAndTags` under other names: in a copy, Metadata and Tags say what becomes of the old ones. */
const newFields: INodeProperties[] = metadataAndTags.fields.flatMap((field) =>
	offeredBeside(
		field.name,
		['replace'],
		[
			{
				...field,
				name: field.name === 'metadata' ? 'newMetadata' : 'newTags',
				displayName: `New ${field.displayName}`,
				description: `${field.description ?? ''}. They replace those of the source.`,
			},
		],
	),
);

/** What becomes of metadata and tags in a copy. */
export const copiedMetadataAndTags: OptionGroup<
	MetadataAndTags & Pick<CopyRequest, 'metadataDirective' | 'tagsDirective'>
> = {
	fields: [
		{
			displayName: 'Metadata',
			name: 'metadata',
			type: 'options',
			options: [
				{ name: 'Keep', value: 'keep', description: 'Metadata and content headers of the source' },
				{
					name: 'Replace',
					value: 'replace',
					description:
						'Only what you enter here: New Metadata, Content Type and the other content headers. Those of the source are dropped.',
				},
			],
			default: 'keep',
			description: 'Which metadata and content headers the copy has',
		},
		{
			displayName: 'Tags',
			name: 'tags',
			type: 'options',
			options: [
				{
					name: 'Drop',
					value: 'drop',
					description: 'The copy has no tags. This needs no permission for tags.',
				},
				{
					name: 'Keep',
					value: 'keep',
					description:
						'The tags of the source. If it has any, this needs the permissions s3:GetObjectTagging and s3:PutObjectTagging.',
				},
				{ name: 'Replace', value: 'replace', description: 'The tags that you enter as New Tags' },
			],
			default: 'keep',
			description: 'Which tags the copy has',
		},
		...newFields,
	],
	read: (source) => ({
		metadataDirective: readOneOf(source, 'options.metadata', ['keep', 'replace']) ?? 'keep',
		tagsDirective: readOneOf(source, 'options.tags', ['keep', 'replace', 'drop']) ?? 'keep',
		metadata: readPairs(source, 'options.newMetadata.entry', 'metadata'),
		tags: readPairs(source, 'options.newTags.tag', 'tag'),
	}),
};
