import { expectedBucketOwner } from './expectedBucketOwner';
import type { OptionGroup } from './OptionGroup';
import { readBoolean } from './read';

/** Who pays for a request, and whose bucket it must be for. */
export interface Caller {
	requestPayer: boolean;
	expectedBucketOwner: string | undefined;
}

/**
 * Options of the account that sends a request.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
 */
export const caller: OptionGroup<Caller> = {
	fields: [
		...expectedBucketOwner.fields,
		{
			displayName: 'Requester Pays',
			name: 'requestPayer',
			type: 'boolean',
			default: false,
			description: 'Whether you agree to pay for the request, which requester-pays buckets require',
		},
	],
	read: (source) => ({
		requestPayer: readBoolean(source, 'options.requestPayer'),
		expectedBucketOwner: expectedBucketOwner.read(source),
	}),
};
