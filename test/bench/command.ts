import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Lab } from './lab';
import { haveMemory } from './memoryAtHand';
import { ProcessMemory } from './ProcessMemory';
import type { Measured } from './Report';

interface Transfer {
	operation: 'put' | 'get';
	key: string;
	/** What is sent or written. */
	file: string;
}

/** The AWS CLI as it is set up where nobody has set it up. */
export async function withAwsCli(
	{ folder, server, bucket }: Lab,
	{ operation, key, file }: Transfer,
): Promise<Measured> {
	const url = `s3://${bucket}/${key}`;
	const copy = [
		's3',
		'cp',
		'--only-show-errors',
		...(operation === 'put' ? [file, url] : [url, file]),
	];
	haveMemory(folder);
	return await runCommand('aws', ['--endpoint-url', server.endpoint, ...copy], {
		AWS_ACCESS_KEY_ID: server.users.main.accessKeyId,
		AWS_SECRET_ACCESS_KEY: server.users.main.secretAccessKey,
		AWS_DEFAULT_REGION: server.region,
		AWS_EC2_METADATA_DISABLED: 'true',
		// The checksums that it adds by itself many servers refuse; nobody else sends them, either.
		AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
		AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
	});
}

/** One request of curl, signed by itself. */
export async function withCurl(
	{ folder, server, bucket }: Lab,
	{ operation, key, file }: Transfer,
): Promise<Measured> {
	const { accessKeyId, secretAccessKey } = server.users.main;
	haveMemory(folder);
	return await runCommand('curl', [
		'--silent',
		'--show-error',
		'--fail',
		'--aws-sigv4',
		`aws:amz:${server.region}:s3`,
		'--user',
		`${accessKeyId}:${secretAccessKey}`,
		'--header',
		'x-amz-content-sha256: UNSIGNED-PAYLOAD',
		...(operation === 'put' ? ['--upload-file', file] : ['--output', file]),
		`${server.endpoint}/${bucket}/${key}`,
	]);
}

/** Runs a command to its end; throws when it fails. */
async function runCommand(
	command: string,
	args: string[],
	env: Record<string, string> = {},
): Promise<Measured> {
	const start = performance.now();
	const child = spawn(command, args, {
		env: { ...process.env, ...env },
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const memory = new ProcessMemory(child.pid ?? 0);
	const complaint = text(child.stderr);
	const code = await new Promise((resolve, reject) =>
		child.once('error', reject).once('close', resolve),
	);
	const seconds = (performance.now() - start) / 1000;
	memory.stop();
	if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${await complaint}`);
	return { seconds, memory: memory.peak() };
}
