import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installN8n } from '../servers/n8n/install';
import type { Measured } from './Report';

/** Has n8n's own loader take the package in, in a process of its own; what the loader itself needs does not count. */
export async function loadedIn(): Promise<Measured> {
	await installN8n('newest');
	const args = ['--expose-gc', join(__dirname, 'loadingProcess.cjs')];
	const { stdout } = await promisify(execFile)(process.execPath, args);
	return JSON.parse(stdout) as Measured;
}
