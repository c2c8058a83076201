import { startEmbedded } from './index';

/** The server as a process of its own: PORT, DIRECTORY, REGION, BUCKETS (names with commas). */
async function main(): Promise<void> {
	const { PORT, DIRECTORY, REGION, BUCKETS } = process.env;
	const server = await startEmbedded({
		...(PORT === undefined ? {} : { port: Number(PORT) }),
		...(DIRECTORY === undefined ? {} : { directory: DIRECTORY }),
		...(REGION === undefined ? {} : { region: REGION }),
	});
	for (const bucket of BUCKETS?.split(',') ?? []) server.store.makeBucket(bucket, server.region);
	const { accessKeyId, secretAccessKey } = server.users.main;
	process.stdout.write(
		`${JSON.stringify({ endpoint: server.endpoint, accessKeyId, secretAccessKey })}\n`,
	);
	const stop = () => void server.stop().then(() => process.exit(0));
	process.once('SIGINT', stop).once('SIGTERM', stop);
}

void main();
