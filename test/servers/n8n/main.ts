/** What `npm start` runs: an S3 server, a real n8n with this package, a sample, and then the editor. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbedded } from '../embedded';
import { OWNER, startN8n } from './n8n';
import type { N8n } from './n8n';
import { BUCKET, connectionData, sampleWorkflow } from './sample';

const cache = join(__dirname, '..', '..', '..', '.cache', 'start');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
	rmSync(cache, { recursive: true, force: true });
	const server = await startEmbedded({ directory: join(cache, 's3') });
	server.store.makeBucket(BUCKET);
	say(`S3 server    ${server.endpoint} (embedded, for trying out; empty at every start)`);
	const n8n = await startN8n({ userFolder: join(cache, 'n8n') });
	try {
		const data = connectionData(server);
		const accessKeys = await n8n.createCredential(
			'Sample access keys',
			'amazonS3AccessKeysApi',
			data.amazonS3AccessKeysApi,
		);
		const basicAuth = await n8n.createCredential(
			'Sample basic auth',
			'amazonS3BasicAuthApi',
			data.amazonS3BasicAuthApi,
		);
		const workflowId = await n8n.createWorkflow(sampleWorkflow(accessKeys, basicAuth));
		await runSample(n8n, workflowId);
		say('');
		say(`Editor       ${n8n.url}/workflow/${workflowId}`);
		say(`Sign in      ${OWNER.email}  ${OWNER.password}`);
		if (process.argv.includes('--once')) return;
		say('Ctrl-C ends it.');
		await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
	} finally {
		await n8n.stop();
		await server.stop();
	}
}

/** Runs the sample workflow and says in plain words what came of it; throws when it went wrong. */
async function runSample(n8n: N8n, workflowId: string): Promise<void> {
	const execution = await n8n.run(workflowId);
	if (execution.status !== 'success') {
		throw new Error(`The sample workflow failed: ${execution.error?.message ?? execution.status}`);
	}
	const [put] = execution.itemsOf('Put').map(({ json }) => json as unknown as StoredObject);
	const listed = execution.itemsOf('List').map(({ json }) => json as unknown as StoredObject);
	const [file] = execution.itemsOf('Get').map(({ binary }) => binary?.data);
	const [sent] = execution.itemsOf('Sample').map(({ json }) => json.text as string);
	const bytes = await n8n.binary(file?.id ?? '');
	if (put === undefined || file === undefined || bytes.toString() !== sent) {
		throw new Error('What came back is not what was put.');
	}
	const list = listed.map(({ key, size }) => `${key} (${String(size)} bytes)`).join(', ');
	say('');
	say('The sample workflow ran once:');
	say(`  Put   ${put.key} into bucket ${put.bucket}, ${String(put.size)} bytes, ETag ${put.etag}`);
	say(`  List  samples/ holds ${list}`);
	say(
		`  Get   ${file.fileName ?? ''}, ${String(bytes.length)} bytes, the same as were put: “${sent}”`,
	);
}

interface StoredObject {
	bucket: string;
	key: string;
	size: number;
	etag: string;
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		say(error instanceof Error ? (error.stack ?? error.message) : String(error));
		process.exit(1);
	},
);
