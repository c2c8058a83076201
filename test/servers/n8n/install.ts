import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = __dirname;
const project = join(here, '..', '..', '..');
const FILES = ['package.json', 'package-lock.json', '.npmrc'];

const npm = (args: string[], cwd: string): string =>
	execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** The n8n with which everything is tried, and the oldest one that the package is for, on Node 20. */
export type Release = 'newest' | 'oldest';

/** Installs the n8n of a folder's lock file into `.cache/n8n`, if it is not there; gives what starts it. */
export function installN8n(release: Release): { node: string; n8n: string } {
	const from = join(here, release);
	const home = join(project, '.cache', 'n8n', release);
	const stamp = join(home, 'installed');
	const wanted = FILES.map((file) => readFileSync(join(from, file), 'utf8')).join('');
	if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
		process.stdout.write(
			`Installing the ${release} n8n, which takes some minutes the first time.\n`,
		);
		rmSync(home, { recursive: true, force: true });
		mkdirSync(home, { recursive: true });
		for (const file of FILES) copyFileSync(join(from, file), join(home, file));
		npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], home);
		npm(['rebuild', 'sqlite3', '--ignore-scripts=false', '--loglevel=error'], home);
		writeFileSync(stamp, wanted);
	}
	const packages = join(home, 'node_modules');
	const node20 = join(packages, `node-linux-${process.arch}`, 'bin', 'node');
	return {
		node: release === 'oldest' ? node20 : process.execPath,
		n8n: join(packages, 'n8n', 'bin', 'n8n'),
	};
}

/**
 * Puts this package into an n8n's folder with the steps that n8n takes for a community package:
 * unpack the tarball, drop what is for development and peers, install the dependencies without scripts.
 * The registry is left out, as only a licensed n8n takes another one than npm's.
 */
export function installPackage(userFolder: string): void {
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
