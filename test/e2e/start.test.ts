/** What a person sees of `npm start`. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const project = join(__dirname, '..', '..');

it('npm start runs three samples, tells where editor and server are with their keys, and leaves nothing', async () => {
	const { stdout } = await promisify(execFile)(
		join(project, 'node_modules', '.bin', 'tsx'),
		['test/servers/n8n/main.ts', '--once'],
		{ cwd: project },
	);
	expect(stdout).toContain('Put      samples/hello.txt into bucket sample-bucket, ');
	expect(stdout).toContain('List     samples/hello.txt\n');
	expect(stdout).toContain('Get      hello.txt: “Hello from n8n, grüße 🪣”');
	expect(stdout).toContain('Download by this link: “A report for people without keys”');
	expect(stdout).toContain('Copy     samples/original.txt to other-bucket, by the server');
	expect(stdout.match(/^ {2}\S.* http:\/\/127\.0\.0\.1:\d+\/workflow\/\w+$/gm)).toHaveLength(3);
	expect(stdout).toMatch(/^Editor {7}http:\/\/127\.0\.0\.1:\d+\/workflow\/\w+$/m);
	expect(stdout).toMatch(/^S3 server {4}http:\/\/127\.0\.0\.1:\d+ /m);
	expect(stdout).toMatch(/^Its key {6}MAINACCESSKEY0000001 {3}secret main\/secret\+key\d+$/m);
	const [, folder = ''] = /^Everything is in (.+)\.$/m.exec(stdout) ?? [];
	expect(folder).not.toBe('');
	expect(folder.startsWith(project)).toBe(false);
	expect(existsSync(folder)).toBe(false);
});

it('Ctrl-C ends npm start with all that it has started, and deletes its folder', async () => {
	// As scripts/start.mjs does it, which builds first.
	const script =
		"import('./scripts/setup.mjs').then(({ run }) => run('tsx', ['test/servers/n8n/main.ts']))";
	const child = spawn(process.execPath, ['--eval', script], {
		cwd: project,
		// A group of its own: a terminal sends Ctrl-C to all of its processes.
		detached: true,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const group = -(child.pid ?? 0);
	const closed = once(child, 'close');
	let said = '';
	try {
		await new Promise<void>((resolve) => {
			child.stdout.on('data', (chunk: Buffer) => {
				said += chunk.toString();
				if (said.includes('Ctrl-C ends it')) resolve();
			});
			child.once('close', () => resolve());
		});
		process.kill(group, 'SIGINT');
		expect(await closed).toEqual([0, null]);
		const [, folder = ''] = /^Everything is in (.+)\.$/m.exec(said) ?? [];
		expect(folder).not.toBe('');
		expect(existsSync(folder)).toBe(false);
		expect(() => process.kill(group, 0)).toThrow('ESRCH');
	} finally {
		try {
			process.kill(group, 'SIGKILL');
		} catch {
			// Nothing is left, as it should be.
		}
	}
});
