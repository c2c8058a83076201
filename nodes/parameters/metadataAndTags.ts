import { S3Failure } from '../../s3/S3Failure';
import type { OptionGroup } from './OptionGroup';
import { readPairs } from './read';

/** S3 keeps at most this many tags with an object. */
const MAX_TAGS = 10;

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
	read: (source) => {
		const tags = readPairs(source, 'options.tags.tag', 'tag');
		checkCount(Object.keys(tags ?? {}).length);
		return { metadata: readPairs(source, 'options.metadata.entry', 'metadata'), tags };
	},
};

function checkCount(tags: number): void {
	if (tags <= MAX_TAGS) return;
	throw S3Failure.invalid(
		`The object has ${tags} tags, but S3 takes at most ${MAX_TAGS}`,
		`Remove tags until ${MAX_TAGS} are left, or keep the others as metadata.`,
	);
}
