/** What `npm start` runs: an S3 server, a real n8n with this package, samples, and then the editor. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../embedded';
import type { EmbeddedServer } from '../embedded';
import { OWNER, startN8n } from './n8n';
import type { Execution, N8n, Workflow } from './n8n';
import {
	BUCKET,
	connectionData,
	copySample,
	linkSample,
	OTHER_BUCKET,
	sampleWorkflow,
} from './sample';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * The first Ctrl-C. It comes several times, as a terminal sends it to every process and each passes it on: those after
 * it must not end this process before it has cleaned up.
 */
let isEnding = false;
const ended = new Promise<void>((resolve) => {
	const end = () => {
		if (!isEnding) say('Ending n8n and deleting everything.');
		isEnding = true;
		resolve();
	};
	process.on('SIGINT', end).on('SIGTERM', end);
});

async function main(): Promise<void> {
	// Outside the checkout, as with everybody who installs the package: in it n8n's modules would come twice.
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-amazon-s3-'));
	const server = await startEmbedded({ directory: join(folder, 's3') });
	for (const bucket of [BUCKET, OTHER_BUCKET]) server.store.makeBucket(bucket);
	say(`Everything is in ${folder}.`);
	say('n8n starts, which takes up to a minute.');
	try {
		const n8n = await startN8n({ userFolder: join(folder, 'n8n') });
		try {
			await Promise.race([show(n8n, server), ended]);
		} finally {
			await n8n.stop();
		}
	} finally {
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function show(n8n: N8n, server: EmbeddedServer): Promise<void> {
	const data = connectionData(server);
	const create = async (name: string, type: keyof typeof data) =>
		await n8n.createCredential(name, type, data[type]);
	const accessKeys = await create('Sample access keys', 'amazonS3AccessKeysApi');
	const basicAuth = await create('Sample user and password', 'amazonS3BasicAuthApi');
	const target = await create('Sample target', 'amazonS3TargetAccessKeysApi');
	const samples = [
		sampleWorkflow(accessKeys, basicAuth),
		linkSample(accessKeys),
		copySample(accessKeys, target),
	];
	say('\nThree sample workflows ran once:');
	const pages: string[] = [];
	for (const sample of samples) pages.push(await runSample(n8n, sample));
	const { accessKeyId, secretAccessKey } = server.users.main;
	say('');
	say(`Editor       ${pages[0] ?? n8n.url}`);
	say(`Sign in      ${OWNER.email}  ${OWNER.password}`);
	say(`S3 server    ${server.endpoint}   buckets ${BUCKET} and ${OTHER_BUCKET}, for trying out`);
	say(`Its key      ${accessKeyId}   secret ${secretAccessKey}`);
	if (process.argv.includes('--once')) return;
	say('Ctrl-C ends it and deletes everything.');
	await ended;
}

/** Runs a sample, says in plain words what came of it, and gives its page; throws if it went wrong. */
async function runSample(n8n: N8n, sample: Workflow): Promise<string> {
	const id = await n8n.createWorkflow(sample);
	const execution = await n8n.run(id);
	if (execution.status !== 'success') {
		throw new Error(
			`The sample “${sample.name}” failed: ${execution.error?.message ?? execution.status}`,
		);
	}
	const page = `${n8n.url}/workflow/${id}`;
	say(`\n  ${sample.name}   ${page}`);
	for (const line of await resultsOf(execution, n8n)) say(`    ${line}`);
	return page;
}

/** What the nodes of a sample gave, node by node. */
async function resultsOf(execution: Execution, n8n: N8n): Promise<string[]> {
	const first = (node: string) => execution.itemsOf(node)[0]?.json as Result | undefined;
	const [put, link, download, copy] = ['Put', 'Make Link', 'Download', 'Copy'].map(first);
	const listed = execution.itemsOf('List').map(({ json }) => (json as unknown as Result).key);
	const [file] = execution.itemsOf('Get').map(({ binary }) => binary?.data);
	const content = file && (await n8n.binary(file.id ?? '')).toString();
	return [
		put && `Put      ${put.key} into bucket ${put.bucket}, ${put.size} bytes, ETag ${put.etag}`,
		listed.length > 0 && `List     ${listed.join(', ')}`,
		content && `Get      ${file.fileName ?? ''}: “${content}”`,
		link && `Link     good until ${link.expiresAt}`,
		download && `Download by this link: “${download.data}”`,
		copy && `Copy     ${copy.key} to ${copy.bucket}, by the ${copy.copiedBy}`,
	].filter((line) => typeof line === 'string');
}

type Result = Record<
	'bucket' | 'key' | 'size' | 'etag' | 'expiresAt' | 'data' | 'copiedBy',
	string
>;

main().then(
	() => process.exit(0),
	(error: unknown) => {
		// What was interrupted while it started.
		if (isEnding) process.exit(0);
		say(error instanceof Error ? (error.stack ?? error.message) : String(error));
		process.exit(1);
	},
);
