import type { TestServer } from './TestServer';

/** The server that S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY and S3_REGION name, if they do. */
export function externalServer(): TestServer | undefined {
	const { S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY, S3_REGION = 'us-east-1' } = process.env;
	if (S3_ENDPOINT === undefined) return undefined;
	if (S3_ACCESS_KEY === undefined || S3_SECRET_KEY === undefined) {
		throw new Error('S3_ENDPOINT needs S3_ACCESS_KEY and S3_SECRET_KEY beside it.');
	}
	return {
		name: S3_ENDPOINT,
		endpoint: S3_ENDPOINT.replace(/\/+$/, ''),
		virtualHostEndpoint: undefined,
		region: S3_REGION,
		users: { main: { accessKeyId: S3_ACCESS_KEY, secretAccessKey: S3_SECRET_KEY } },
		lacks: [],
		stop: async () => await Promise.resolve(),
	};
}
