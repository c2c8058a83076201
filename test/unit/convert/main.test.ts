import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'convert-'));
const workflow = { nodes: [{ name: 'Get', type: 'n8n-nodes-base.s3', parameters: {} }] };

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: string[], input = '') =>
	spawnSync(join(root, 'node_modules', '.bin', 'tsx'), ['convert/main.ts', ...args], {
		cwd: root,
		input,
		encoding: 'utf8',
	});

it('the command converts what comes through standard input, and says apart what there is to do', () => {
	const { stdout, stderr, status } = run([], JSON.stringify(workflow));
	expect(status).toBe(0);
	expect(JSON.parse(stdout)).toMatchObject({
		nodes: [{ type: 'n8n-nodes-amazon-s3.amazonS3' }],
	});
	expect(stderr).toMatch(/^Choose a credential in each converted node\.\n- Get: /);
});

it('the command converts a file', () => {
	const file = join(folder, 'workflow.json');
	writeFileSync(file, JSON.stringify({ nodes: [] }));
	const { stdout, stderr } = run([file]);
	expect(JSON.parse(stdout)).toEqual({ nodes: [] });
	expect(stderr).toContain('nothing was changed');
});

it.each([
	['no JSON', 'This is no JSON: copy nodes'],
	['{}', 'This is no workflow of n8n'],
])('the command fails with “%s”, and writes nothing', (input, message) => {
	const { stdout, stderr, status } = run([], input);
	expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
	expect(stderr).toContain(message);
	expect(stderr).not.toContain(' at ');
});

it('the command names a file that it cannot read', () => {
	const { stdout, stderr, status } = run(['missing.json']);
	expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
	expect(stderr).toBe('The file missing.json cannot be read (ENOENT).\n');
});

it('the command tells how it is used', () => {
	expect(run(['--help']).stdout).toContain('npx n8n-nodes-amazon-s3 [FILE]');
});
