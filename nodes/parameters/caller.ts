import type { OptionGroup } from './OptionGroup';
import { readBoolean, readTrimmed } from './read';

/** Who pays for a request, and whose bucket it must be for. */
export interface Caller {
	requestPayer: boolean;
	expectedBucketOwner: string | undefined;
}

/**
 * Options of the account that sends a request.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
export const caller: OptionGroup<Caller> = {
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
		{
			displayName: 'Requester Pays',
			name: 'requestPayer',
			type: 'boolean',
			default: false,
			description:
				'Whether you confirm that you pay for the request, which requester-pays buckets demand',
		},
	],
	read: (source) => ({
		requestPayer: readBoolean(source, 'options.requestPayer'),
		expectedBucketOwner: readTrimmed(source, 'options.expectedBucketOwner'),
	}),
};
