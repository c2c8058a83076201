/**
 * What a fresh clone needs before anything else can run. Node's own modules only: this file is
 * what installs the others.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** n8n 2.x and some of the tools refuse to run on anything older than 24; 20 is the oldest we are for. */
const NODE_VERSIONS = { 20: '20.20.2', 24: '24.21.0' };

function readJson(path) {
	return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/**
 * Says why `node_modules` is not what package-lock.json asks for; undefined when it is.
 * npm leaves its own account of what it installed, and leaves it last, so that an interrupted
 * install counts as missing.
 */
function staleness() {
	const wanted = readJson(join(root, 'package-lock.json'));
	const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
	if (wanted === undefined) throw new Error('package-lock.json is missing.');
	if (installed === undefined) return 'node_modules is missing';
	for (const [path, { version, optional }] of Object.entries(wanted.packages)) {
		if (path === '') continue;
		const found = installed.packages[path];
		// Optional packages are mostly binaries for other platforms.
		if (found === undefined && optional) continue;
		if (found?.version !== version) return `${path} is not at ${version}`;
	}
	return undefined;
}

function npm(args, cwd, env = process.env) {
	const shell = process.platform === 'win32';
	const { status, error } = spawnSync('npm', args, { cwd, env, shell, stdio: 'inherit' });
	if (error) throw error;
	if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}.`);
}

/**
 * Installs the development tools if they are missing or differ from package-lock.json. npm runs under
 * Node 24, which some of them require: under an older one it would print a warning for each.
 */
function ensureNodeModules() {
	const reason = staleness();
	if (reason === undefined) return;
	console.log(`Installing the development tools (${reason}).`);
	npm(['ci', '--no-audit', '--no-fund'], root, toolEnvironment());
}

/** Folders that hold a `node`, by its major version. */
const nodeFolders = new Map();

/**
 * Gives the folder of a `node` of this major version: that of the running one, or else one that is
 * installed under `.cache` from the npm registry. A later one than 24 will do for 24.
 * Throws on a platform for which npm has no such package.
 */
function nodeFolder(major) {
	const running = Number.parseInt(process.versions.node, 10);
	const fits = running === major || (major === 24 && running > major);
	const folder = nodeFolders.get(major) ?? (fits ? dirname(process.execPath) : installNode(major));
	nodeFolders.set(major, folder);
	return folder;
}

function installNode(major) {
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	if (platform !== 'linux' && platform !== 'win') {
		throw new Error(
			`This needs Node ${major} and is running on ${process.version}. ` +
				'Install it from https://nodejs.org and run the command again.',
		);
	}
	const version = NODE_VERSIONS[major];
	const name = `node-${platform}-${process.arch}`;
	const home = join(root, '.cache', `node${major}`);
	const found = join(home, 'node_modules', name);
	if (readJson(join(found, 'package.json'))?.version !== version) {
		console.log(
			`Installing Node ${version} beside the Node ${process.versions.node} of this machine.`,
		);
		rmSync(home, { recursive: true, force: true });
		mkdirSync(home, { recursive: true });
		npm(
			[
				'install',
				'--prefix',
				home,
				'--no-audit',
				'--no-fund',
				'--no-save',
				'--no-package-lock',
				`${name}@${version}`,
			],
			home,
		);
	}
	return join(found, 'bin');
}

/** The environment for a command that is to find this Node and the installed tools first. */
function toolEnvironment(env = {}, major = 24) {
	const folders = [nodeFolder(major), join(root, 'node_modules', '.bin'), process.env.PATH];
	const path = folders.join(delimiter);
	return { ...process.env, npm_config_globalconfig: globalConfig(), ...env, PATH: path };
}

let globalConfigFile;

/**
 * The machine's own configuration of npm. npm looks for it beside the `node` that runs it, so under
 * our Node 24 it would miss a proxy, a registry or a certificate that it needs.
 */
function globalConfig() {
	const get = () =>
		execFileSync('npm', ['config', 'get', 'globalconfig'], {
			encoding: 'utf8',
			shell: process.platform === 'win32',
		});
	// npm gives it to the scripts that it runs.
	globalConfigFile ??= process.env.npm_config_globalconfig ?? get().trim();
	return globalConfigFile;
}

/**
 * Runs one command from the project's folder. A signal to us is passed on to it.
 * @param options.node major version of the Node that it finds; 24 unless given
 * @param options.print is given what the command prints, which otherwise goes where ours goes
 * @throws when it ends with anything but 0
 */
export async function run(command, args = [], { env = {}, node = 24, print } = {}) {
	const child = spawn(command, args, {
		cwd: root,
		env: toolEnvironment(env, node),
		stdio: print === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32',
	});
	child.stdout?.on('data', print);
	child.stderr?.on('data', print);
	const passOn = (signal) => child.kill(signal);
	process.on('SIGINT', passOn);
	process.on('SIGTERM', passOn);
	try {
		await new Promise((resolve, reject) => {
			child.on('error', reject);
			child.on('close', (code, signal) => {
				if (code === 0) resolve();
				else reject(new Error(`${[command, ...args].join(' ')} ended with ${signal ?? code}.`));
			});
		});
	} finally {
		process.off('SIGINT', passOn);
		process.off('SIGTERM', passOn);
	}
}

/** Installs what the project's commands need: Node 24 first, then the development tools. */
export function setUp() {
	nodeFolder(24);
	ensureNodeModules();
}
