/** A real Squid on loopback that wants user name and password. */
import { execFileSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from '../program';

export interface Squid {
	url: string;
	host: string;
	/** What it has done, oldest first: a request when its response is sent, a tunnel when it ends. */
	done(): Promise<Done[]>;
	stop(): Promise<void>;
}

interface Done {
	status: number;
	method: string;
	/** URL of a request, `host:port` of a tunnel. */
	target: string;
	/** Of the connection to Squid that it came over. */
	port: number;
}

interface SquidOptions {
	user: string;
	password: string;
	/** Names that Squid knows for loopback. */
	hosts: string[];
	/** A port of servers that it refuses to connect to. */
	forbiddenPort: number;
}

/**
 * Starts Squid.
 *
 * @throws with what Squid says, or with the command that installs it if it is missing
 */
export async function startSquid(options: SquidOptions): Promise<Squid> {
	const program = await startProgram({
		command: 'squid',
		packages: 'squid apache2-utils',
		log: 'cache.log',
		argumentsIn: async ({ folder, port }) => {
			// If root starts it, it runs as another user.
			await chmod(folder, 0o777);
			const { user, password } = options;
			execFileSync('htpasswd', ['-c', '-i', join(folder, 'passwords'), user], {
				input: password,
				stdio: 'pipe',
			});
			await writeFile(join(folder, 'hosts'), `127.0.0.1 ${options.hosts.join(' ')}\n`);
			const configuration = join(folder, 'squid.conf');
			await writeFile(configuration, configurationFor(folder, port, options));
			return ['-N', '-f', configuration];
		},
	});
	const host = `127.0.0.1:${String(program.port)}`;
	return {
		url: `http://${host}`,
		host,
		stop: program.stop,
		done: async () => {
			const log = await readFile(join(program.folder, 'access.log'), 'utf8');
			const lines = log.split('\n').filter((line) => line !== '');
			return lines.map((line) => {
				const [status, method = '', target = '', port] = line.split(' ');
				return { status: Number(status), method, target, port: Number(port) };
			});
		},
	};
}

const configurationFor = (folder: string, port: number, { forbiddenPort }: SquidOptions) => `
http_port 127.0.0.1:${String(port)}
pid_filename ${folder}/squid.pid
cache_log ${folder}/cache.log
logformat short %>Hs %rm %ru %>p
access_log stdio:${folder}/access.log short
buffered_logs off
coredump_dir ${folder}
visible_hostname squid.example.com
pinger_enable off
shutdown_lifetime 0 seconds
cache deny all
hosts_file ${folder}/hosts
# Squid 5 breaks off larger bodies that come faster than it passes them on.
client_request_buffer_max_size 64 MB
auth_param basic program /usr/lib/squid/basic_ncsa_auth ${folder}/passwords
auth_param basic realm Company
acl known proxy_auth REQUIRED
acl forbidden port ${String(forbiddenPort)}
http_access deny !known
http_access deny forbidden
http_access allow known
http_access deny all
`;
