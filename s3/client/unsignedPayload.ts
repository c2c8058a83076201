import type { S3Client } from '../sdk';

/**
 * Makes the client sign object bodies as UNSIGNED-PAYLOAD: signing them would cost a SHA-256 of every
 * byte. Against damage there are TLS and, on AWS, a CRC32 of each body.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function leaveBodiesUnsigned(client: S3Client): void {
	client.middlewareStack.add(
		(next, context) => (args) => {
			const { headers } = args.request as { headers: Record<string, string> };
			if (
				context.commandName === 'PutObjectCommand' ||
				context.commandName === 'UploadPartCommand'
			) {
				// A checksum in a trailer has put its own value there.
				headers['x-amz-content-sha256'] ??= 'UNSIGNED-PAYLOAD';
			}
			return next(args);
		},
		{ step: 'build', priority: 'low', name: 'leaveBodiesUnsigned' },
	);
}
