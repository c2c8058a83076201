import type { S3Client } from '../sdk';

/**
 * Makes the client ask for the checksum of every object that it reads from the beginning to the end. It
 * is a header of ours and not the SDK's `ChecksumMode`, with which the SDK would hash each answer by
 * itself: an object is often read in several answers, and `verifiedBytes` hashes all of them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function askForChecksums(client: S3Client): void {
	client.middlewareStack.add(
		(next, context) => (args) => {
			const { headers } = args.request as { headers: Record<string, string> };
			// Of a range S3 has none.
			if (context.commandName === 'GetObjectCommand' && headers.range === undefined) {
				headers['x-amz-checksum-mode'] = 'ENABLED';
			}
			return next(args);
		},
		{ step: 'build', priority: 'low', name: 'askForChecksums' },
	);
}
