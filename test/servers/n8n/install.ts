import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
	copyFileSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const here = __dirname;
const project = join(here, '..', '..', '..');
const cache = join(project, '.cache', 'n8n');
/** Where Node keeps what it has compiled of n8n. */
export const COMPILED = join(cache, 'compiled');
const FILES = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];
/** The variable with the folder of an n8n in which this package is installed. */
const INSTALLED = 'INSTALLED_PACKAGE';
/** Debian's libsqlite3-dev is here. */
const SYSTEM_SQLITE = '/usr/include/sqlite3.h';

const npm = (args: string[], cwd: string): string =>
	execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** Runs npm or pnpm while other things go on; what it says of errors is shown. */
async function meanwhile(
	command: 'npm' | 'pnpm',
	args: string[],
	cwd: string,
	env: Record<string, string> = {},
): Promise<void> {
	const child = spawn(command, [...args, '--loglevel=error'], {
		cwd,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	const [status] = (await once(child, 'close')) as [number | null];
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}.`);
}

/** The n8n with which everything is tried, and the oldest one that the package is for, on Node 20. */
export type Release = 'newest' | 'oldest';

/**
 * Installs the n8n of a folder's lock file into `.cache/n8n`, if it is not there; gives what starts it. pnpm does it
 * with a quarter of the CPU time of npm, and the two releases share the files that they have in common.
 */
export async function installN8n(release: Release): Promise<{ node: string; n8n: string }> {
	const from = join(here, release);
	const home = join(cache, release);
	const stamp = join(home, 'installed');
	const wanted = FILES.map((file) => readFileSync(join(from, file), 'utf8')).join('');
	if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
		process.stdout.write(
			`Installing the ${release} n8n, which takes some minutes the first time.\n`,
		);
		rmSync(home, { recursive: true, force: true });
		mkdirSync(home, { recursive: true });
		for (const file of FILES) copyFileSync(join(from, file), join(home, file));
		await meanwhile('pnpm', ['install', '--frozen-lockfile'], home);
		await addSqlite3(join(home, 'node_modules', 'sqlite3'));
		writeFileSync(stamp, wanted);
	}
	const packages = join(home, 'node_modules');
	const node20 = join(packages, `node-linux-${process.arch}`, 'bin', 'node');
	return {
		node: release === 'oldest' ? node20 : process.execPath,
		n8n: join(packages, 'n8n', 'bin', 'n8n'),
	};
}

/** Files with the compiled code of sqlite3, by its version. */
const compiled = new Map<string, Promise<string>>();

/**
 * Gives sqlite3 its compiled code. It fits every Node, as it uses Node-API alone, and compiling it takes
 * a minute if a ready one cannot be downloaded: both releases have the same. With the SQLite of the system,
 * SQLite itself is not compiled, which is most of it.
 */
async function addSqlite3(folder: string): Promise<void> {
	const { version } = readJson(join(folder, 'package.json')) as { version: string };
	const inFolder = join(folder, 'build', 'Release', 'node_sqlite3.node');
	const known = compiled.get(version) ?? compileSqlite3(folder, inFolder, version);
	compiled.set(version, known);
	mkdirSync(dirname(inFolder), { recursive: true });
	copyFileSync(await known, inFolder);
}

async function compileSqlite3(folder: string, inFolder: string, version: string): Promise<string> {
	const kept = join(cache, `sqlite3-${version}-${process.platform}-${process.arch}.node`);
	if (!existsSync(kept)) {
		const env: Record<string, string> = existsSync(SYSTEM_SQLITE)
			? { npm_config_sqlite: '/usr', JOBS: 'max' }
			: { JOBS: 'max' };
		const args = ['rebuild', 'sqlite3', '--ignore-scripts=false'];
		await meanwhile('npm', args, join(folder, '..', '..'), env);
		copyFileSync(inFolder, kept);
	}
	return kept;
}

/** Puts this package into an n8n's folder: a copy of the one that was installed for all tests, or else a new one. */
export function addPackage(userFolder: string): void {
	const installed = process.env[INSTALLED];
	if (installed === undefined) installPackage(userFolder);
	else cpSync(installed, userFolder, { recursive: true });
}

/** Installs this package once for all n8n that this process and its children start. */
export function installPackageOnce(): void {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-package-'));
	process.once('exit', () => rmSync(folder, { recursive: true }));
	installPackage(folder);
	process.env[INSTALLED] = folder;
}

/**
 * Puts this package into an n8n's folder with the steps that n8n takes for a community package:
 * unpack the tarball, drop what is for development and peers, install the dependencies without scripts.
 * The registry is left out, as only a licensed n8n takes another one than npm's.
 */
function installPackage(userFolder: string): void {
	const nodes = join(userFolder, '.n8n', 'nodes');
	const packed = npm(
		['pack', '--silent', '--ignore-scripts', '--pack-destination', userFolder],
		project,
	);
	const tarball = join(userFolder, packed.trim().split('\n').at(-1) ?? '');
	const { name, version } = readJson(join(project, 'package.json')) as {
		name: string;
		version: string;
	};
	const folder = join(nodes, 'node_modules', name);
	mkdirSync(folder, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	const development = ['devDependencies', 'peerDependencies', 'optionalDependencies'];
	const manifest = Object.fromEntries(
		Object.entries(readJson(join(folder, 'package.json')) as object).filter(
			([field]) => !development.includes(field),
		),
	);
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
	npm(
		[
			'install',
			'--audit=false',
			'--fund=false',
			'--bin-links=false',
			'--install-strategy=shallow',
			'--ignore-scripts=true',
			'--package-lock=false',
			'--loglevel=error',
		],
		folder,
	);
	const installed = { name: 'installed-nodes', private: true, dependencies: { [name]: version } };
	writeFileSync(join(nodes, 'package.json'), JSON.stringify(installed, null, 2));
	rmSync(tarball);
}

function readJson(path: string): unknown {
	return JSON.parse(readFileSync(path, 'utf8'));
}
