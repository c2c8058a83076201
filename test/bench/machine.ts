import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './Report';

/** The folder of package.json. */
export const PROJECT = join(__dirname, '..', '..');

/** What the figures were measured on. @param serverName of the S3 server, to be found out when undefined */
export function thisMachine(serverName: string | undefined): Machine {
	const [cpu, ...others] = cpus();
	return {
		cpu: cpu?.model ?? 'unknown',
		cores: others.length + 1,
		memory: totalmem(),
		system: `${type()} ${release()} ${arch()}`,
		node: process.version,
		n8n: versionIn(join(PROJECT, '.cache', 'n8n', 'newest', 'node_modules', 'n8n')),
		server: serverName ?? `${ourServer()} on this machine`,
		awsCli: installed('aws', /aws-cli\/(\S+)/),
		curl: installed('curl', /curl (\S+)/),
	};
}

const ourServer = (): string => `radosgw ${firstMatch('radosgw', /version (\S+)/)} with tcmalloc`;

/** The version in a folder's package.json. */
export function versionIn(folder: string): string {
	const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	return (manifest as { version: string }).version;
}

const firstMatch = (command: string, version: RegExp): string =>
	installed(command, version) ?? 'of unknown version';

/** The version of a command; undefined where it is not installed. */
function installed(command: string, version: RegExp): string | undefined {
	const { stdout, error } = spawnSync(command, ['--version'], { encoding: 'utf8' });
	return error === undefined ? version.exec(stdout)?.[1] : undefined;
}
