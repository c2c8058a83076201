import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server that is no part of Node, as a child process with everything it writes in a folder of its own. */
export interface Program {
	folder: string;
	port: number;
	stop(): Promise<void>;
}

/** Of a tenth of a second each: programs start slowly on a busy machine. */
const MOST_TRIES = 1500;

/** Where a program is told to be. */
export interface Surroundings {
	folder: string;
	/** On loopback, and free. */
	port: number;
}

interface ProgramOptions {
	command: string;
	/** Of Debian, for who does not have it. */
	packages: string;
	/** Makes what the program reads, and gives its arguments. */
	argumentsIn(surroundings: Surroundings): Promise<string[]>;
	/** File in the folder that says why the program does not start. */
	log: string;
}

/** A command line that starts a program. */
export interface CommandLine {
	command: string;
	args: readonly string[];
	env?: Readonly<Record<string, string>>;
}

/** The file in the folder with what a program prints. */
export const OUTPUT = 'output.log';

/**
 * Starts a program in the foreground and waits until it listens.
 *
 * @throws with what the program says, or with the command that installs it if it is missing
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
	const { command, packages, argumentsIn, log } = options;
	try {
		execFileSync(command, ['-v'], { stdio: 'ignore' });
	} catch {
		throw new Error(
			`${command} is missing. On Debian or Ubuntu: apt-get install --no-install-recommends ${packages}`,
		);
	}
	return await startCommand(
		async (surroundings) => ({ command, args: await argumentsIn(surroundings) }),
		log,
	);
}

/**
 * Starts what is installed in the foreground and waits until it listens.
 *
 * @param log file in the folder that says why it does not start
 * @throws with what is in that file
 */
export async function startCommand(
	lineIn: (surroundings: Surroundings) => CommandLine | Promise<CommandLine>,
	log: string,
): Promise<Program> {
	const folder = await mkdtemp(join(tmpdir(), 'program-'));
	const port = await freePort();
	const { command, args, env } = await lineIn({ folder, port });
	const output = await open(join(folder, OUTPUT), 'w');
	const child = spawn(command, args, {
		stdio: ['ignore', output.fd, output.fd],
		env: { ...process.env, ...env },
	});
	await output.close();
	const gone = once(child, 'exit');
	const stop = async () => {
		child.kill();
		await gone;
		await rm(folder, { recursive: true });
	};
	for (let tries = 0; !(await accepts(port)); tries++) {
		if (tries < MOST_TRIES && child.exitCode === null) continue;
		const said = await readFile(join(folder, log), 'utf8').catch(() => 'it wrote nothing');
		await stop();
		throw new Error(`${command} did not start: ${said}`);
	}
	return { folder, port, stop };
}

/** A port of loopback that nothing listens on. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

/** Whether something listens within a tenth of a second. */
async function accepts(port: number): Promise<boolean> {
	const socket = connect(port, '127.0.0.1');
	const connected = await once(socket, 'connect').then(
		() => true,
		() => false,
	);
	socket.destroy();
	if (!connected) await new Promise((resolve) => setTimeout(resolve, 100));
	return connected;
}
