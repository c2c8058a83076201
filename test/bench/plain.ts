import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Lab, ServerAddress } from './lab';
import { haveMemory } from './memoryAtHand';
import type { Measured } from './Report';

/** What a Node process without n8n is to do, with the AWS SDK's own tools or with this package's `s3/`. */
export interface PlainJob {
	contender: 'plain' | 'sdk';
	operation: 'put' | 'get' | 'list';
	server: ServerAddress;
	bucket: string;
	/** Of the object, or the prefix of a listing. */
	key: string;
	/** What is sent or written. */
	file: string;
	/** How many keys the prefix has. */
	keys?: number;
}

/** Does a job in a process of its own; loading and connecting are not measured. */
export async function runPlain(
	{ folder, bucket, server: { region, endpoint, users } }: Lab,
	job: Omit<PlainJob, 'bucket' | 'server'>,
): Promise<Measured> {
	const whole: PlainJob = { ...job, bucket, server: { region, endpoint, users } };
	const script = join(__dirname, 'plainProcess.ts');
	haveMemory(folder);
	const { stdout } = await promisify(execFile)(process.execPath, [
		'--import',
		'tsx',
		script,
		JSON.stringify(whole),
	]);
	return JSON.parse(stdout) as Measured;
}
