/** What a person sees of `npm start`. */
import { execFile } from 'node:child_process';
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
