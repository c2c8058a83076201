/** The servers of `npm run test:compat`, and how each is installed and started. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gofakes3 } from '../servers/gofakes3/gofakes3';
import { moto } from '../servers/moto/moto';
import { OUTPUT, startCommand } from '../servers/program';
import { rclone } from '../servers/rclone/rclone';
import { KEYS, type ServerPackage, type Tool } from '../servers/ServerPackage';
import { s3proxy } from '../servers/s3proxy/s3proxy';
import { swift } from '../servers/swift/swift';
import type { TestServer } from '../servers/TestServer';
import { versitygw } from '../servers/versitygw/versitygw';

export const PACKAGES: readonly ServerPackage[] = [
	versitygw,
	rclone,
	s3proxy,
	gofakes3,
	moto,
	swift,
];

const CACHE = join(__dirname, '..', '..', '.cache', 'compat');

/** What has a program that is missing. */
const HAVE: Readonly<Record<Tool, string>> = {
	go: 'Go 1.25 or later',
	python3: 'Python 3.10 or later, with venv and pip',
	java: 'Java 17 or later',
	mvn: 'Apache Maven',
	'swift-proxy-server':
		'the packages swift-proxy, swift-account, swift-container and swift-object of Debian or Ubuntu',
	memcached: 'the package of Debian or Ubuntu with that name',
};

/** @throws with the names of all programs that are missing */
export function checkTools(packages: readonly ServerPackage[]): void {
	const needed = [...new Set(packages.flatMap(({ tools }) => tools))];
	const isMissing = (tool: Tool) =>
		spawnSync(tool, [tool === 'go' ? 'version' : '--version']).error;
	const missing = needed.filter(isMissing);
	if (missing.length === 0) return;
	const words = missing.map((tool) => `${tool} is missing: it comes with ${HAVE[tool]}`);
	throw new Error(`${words.join('. ')}.`);
}

const homeOf = ({ name, version }: ServerPackage): string =>
	join(CACHE, `${name.replaceAll(' ', '-')}-${version}`);

/** Installs a server under `.cache`, unless it is there. @throws if a command fails */
export function install(server: ServerPackage): void {
	const home = homeOf(server);
	const done = join(home, 'installed');
	if (existsSync(done)) return;
	rmSync(home, { recursive: true, force: true });
	mkdirSync(home, { recursive: true });
	for (const { command, args, env } of server.install(home)) {
		process.stdout.write(`${command} ${args.join(' ')}\n`);
		const { status } = spawnSync(command, args, {
			env: { ...process.env, ...env },
			stdio: 'inherit',
		});
		if (status !== 0) throw new Error(`${server.name} could not be installed.`);
	}
	writeFileSync(done, '');
}

/** Starts a server that is installed, empty, on loopback. */
export async function start(server: ServerPackage): Promise<TestServer> {
	const { port, stop } = await startCommand(
		(surroundings) => server.start(homeOf(server), surroundings),
		OUTPUT,
	);
	return {
		name: server.name,
		endpoint: `http://127.0.0.1:${port}`,
		virtualHostEndpoint: undefined,
		region: 'us-east-1',
		users: { main: server.keys ?? KEYS },
		lacks: server.lacks,
		stop,
	};
}
