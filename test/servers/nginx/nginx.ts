/** A real nginx on loopback. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram, type Program, type Surroundings } from '../program';

export type Nginx = Program;

/**
 * Starts nginx with the configuration of one site.
 *
 * @param siteIn makes the configuration for a folder and a free port, and files that it names
 * @throws with what nginx says, or with the command that installs it if it is missing
 */
export async function startNginx(
	siteIn: (surroundings: Surroundings) => Promise<string>,
): Promise<Nginx> {
	return await startProgram({
		command: 'nginx',
		packages: 'nginx-light apache2-utils',
		log: 'error.log',
		argumentsIn: async (surroundings) => {
			const { folder } = surroundings;
			const configuration = join(folder, 'nginx.conf');
			await writeFile(configuration, surrounded(await siteIn(surroundings), folder));
			return ['-p', folder, '-c', configuration, '-e', join(folder, 'error.log')];
		},
	});
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
