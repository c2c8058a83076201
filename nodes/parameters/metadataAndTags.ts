import { MAX_TAGS } from '../../s3/headers/tagging';
import type { OptionGroup } from './OptionGroup';
import { readPairs } from './read';

/** What people keep with an object besides its content. */
export interface MetadataAndTags {
	metadata: Record<string, string> | undefined;
	tags: Record<string, string> | undefined;
}

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
		{
			displayName: 'Tags',
			name: 'tags',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, maxAllowedFields: MAX_TAGS },
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
	read: (source) => ({
		metadata: readPairs(source, 'options.metadata.entry', 'metadata'),
		tags: readPairs(source, 'options.tags.tag', 'tag'),
	}),
};
