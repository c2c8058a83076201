/** A real nginx on loopback, as a child process with everything it writes in a folder of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Nginx {
	folder: string;
	port: number;
	stop(): Promise<void>;
}

/** What a site needs besides its configuration. */
interface Surroundings {
	folder: string;
	port: number;
}

/**
 * Starts nginx with the configuration of one site.
 *
 * @param siteIn makes the configuration for a folder and a free port, and files that it names
 * @throws with what nginx says, or with the command that installs it where it is missing
 */
export async function startNginx(
	siteIn: (surroundings: Surroundings) => Promise<string>,
): Promise<Nginx> {
	try {
		execFileSync('nginx', ['-v'], { stdio: 'ignore' });
	} catch {
		throw new Error(
			'nginx is missing. On Debian or Ubuntu: apt-get install --no-install-recommends nginx-light apache2-utils',
		);
	}
	const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
	const port = await freePort();
	const configuration = join(folder, 'nginx.conf');
	await writeFile(configuration, surrounded(await siteIn({ folder, port }), folder));
	const log = join(folder, 'error.log');
	const child = spawn('nginx', ['-p', folder, '-c', configuration, '-e', log], { stdio: 'ignore' });
	const gone = once(child, 'exit');
	const stop = async () => {
		child.kill();
		await gone;
		await rm(folder, { recursive: true });
	};
	for (let tries = 0; !(await accepts(port)); tries++) {
		if (tries < 100 && child.exitCode === null) continue;
		const said = await readFile(log, 'utf8');
		await stop();
		throw new Error(`nginx did not start: ${said}`);
	}
	return { folder, port, stop };
}

/** One process in the foreground, which writes nowhere else. */
function surrounded(site: string, folder: string): string {
	const buffers = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
		.map((name) => `${name}_temp_path ${folder}/${name};`)
		.join('\n');
	return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {}
http {
access_log off;
${buffers}
${site}
}
`;
}

async function freePort(): Promise<number> {
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
