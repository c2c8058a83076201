import type { OptionGroup } from './OptionGroup';
import { readEntered } from './read';

/**
 * The account that a bucket must belong to.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
export const expectedBucketOwner: OptionGroup<string | undefined> = {
	fields: [
		{
			displayName: 'Expected Bucket Owner',
			name: 'expectedBucketOwner',
			type: 'string',
			default: '',
			placeholder: 'e.g. 111122223333',
			description:
				'ID of the AWS account that the bucket must belong to. If it belongs to another one, the request fails.',
		},
	],
	read: (source) => readEntered(source, 'options.expectedBucketOwner'),
};
