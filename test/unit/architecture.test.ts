/** Every rule of .dependency-cruiser.cjs catches the import that it is there for. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..', '..');
const depcruise = join(root, 'node_modules', '.bin', 'depcruise');

const outside = (name: string): Record<string, string> => ({
	[`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0' }),
	[`node_modules/${name}/index.js`]: 'module.exports = {};',
});

/** A project in small, in which every import is as it should be. */
const clean: Record<string, string> = {
	'package.json': '{}',
	's3/Connection.ts': 'export interface Connection { region: string }',
	's3/S3Failure.ts': 'export class S3Failure extends Error {}',
	's3/sdk.ts': "export { S3Client } from '@aws-sdk/client-s3';",
	's3/transport.ts':
		"import 'node:https';\nimport type { Connection } from './Connection';\nexport type T = Connection;",
	's3/client.ts': "import './transport';\nimport './S3Failure';\nvoid import('./sdk');\nexport {};",
	's3/orderedPages.ts': 'export const pages = 1;',
	's3/upload.ts': "import './client';\nexport {};",
	's3/identity/session.ts': "import '../S3Failure';\nexport {};",
	'credentials/connectionFields.ts': 'export {};',
	'credentials/readConnection.ts':
		"import './connectionFields';\nimport '../s3/Connection';\nimport 'n8n-workflow';\nexport {};",
	'nodes/AmazonS3/fields.ts': "import 'n8n-workflow';\nexport {};",
	'nodes/AmazonS3/target.ts': "import '../../credentials/readConnection';\nexport {};",
	'nodes/AmazonS3/object/put.operation.ts':
		"import '../fields';\nimport '../../../s3/upload';\nexport {};",
	'nodes/AmazonS3/object/index.ts': "import './put.operation';\nexport {};",
	'test/server.ts': "import '../nodes/AmazonS3/object/put.operation';\nexport {};",
	...outside('@aws-sdk/client-s3'),
	...outside('n8n-workflow'),
	...outside('axios'),
};

interface Report {
	modules: { source: string }[];
	summary: {
		violations: { from: string; rule: { name: string } }[];
		ruleSetUsed: { forbidden: { name: string }[] };
	};
}

let project: string;

function write(files: Record<string, string>): void {
	for (const [file, content] of Object.entries(files)) {
		mkdirSync(dirname(join(project, file)), { recursive: true });
		writeFileSync(join(project, file), content);
	}
}

beforeEach(() => {
	project = mkdtempSync(join(tmpdir(), 'architecture-'));
	for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json']) {
		cpSync(join(root, file), join(project, file));
	}
	write(clean);
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function cruise(): Report {
	const { stdout, stderr } = spawnSync(
		process.execPath,
		[depcruise, '--output-type', 'json', 's3', 'nodes', 'credentials', 'test'],
		{ cwd: project, encoding: 'utf8' },
	);
	if (stdout === '') throw new Error(`dependency-cruiser gave no report: ${stderr}`);
	return JSON.parse(stdout) as Report;
}

/** Rule, file with the wrong import, what it imports. */
const wrong: [rule: string, file: string, imported: string][] = [
	['no-cycles', 's3/client.ts', './upload'],
	['s3-knows-no-n8n', 's3/upload.ts', '../nodes/AmazonS3/fields'],
	['s3-knows-no-n8n', 's3/upload.ts', 'n8n-workflow'],
	['s3-outside-only-node', 's3/upload.ts', 'axios'],
	['one-door-to-the-sdk', 'nodes/AmazonS3/target.ts', '@aws-sdk/client-s3'],
	['credentials-know-no-node', 'credentials/connectionFields.ts', '../nodes/AmazonS3/fields'],
	[
		'nodes-use-credentials-through-readConnection',
		'nodes/AmazonS3/target.ts',
		'../../credentials/connectionFields',
	],
	['operations-are-leaves', 'nodes/AmazonS3/target.ts', './object/put.operation'],
	['operations-see-only-transfers', 'nodes/AmazonS3/object/put.operation.ts', '../../../s3/client'],
	['leaves-import-nothing', 's3/Connection.ts', './S3Failure'],
	['transfers-below-client-only', 's3/identity/session.ts', '../upload'],
	['transfers-below-client-only', 's3/client.ts', './orderedPages'],
	['no-test-in-source', 's3/transport.ts', '../test/fixture'],
];

describe('the rules of the architecture', () => {
	it('let a project pass in which imports point one way', () => {
		const { modules, summary } = cruise();
		expect(modules.map(({ source }) => source)).toEqual(
			expect.arrayContaining(Object.keys(clean).filter((file) => file.endsWith('.ts'))),
		);
		expect(summary.violations).toEqual([]);
	});

	it.each(wrong)('report %s when %s imports %s', (rule, file, imported) => {
		write({
			'test/fixture.ts': 'export {};',
			// Only its type, which leaves no trace in what is published and still is a dependency.
			[file]: `import type * as wrong from '${imported}';\nexport type W = typeof wrong;\n${clean[file] ?? ''}`,
		});
		const { violations } = cruise().summary;
		expect(violations.map(({ from, rule: { name } }) => `${name} in ${from}`)).toContain(
			`${rule} in ${file}`,
		);
	});

	it('are all tested here', () => {
		const names = cruise().summary.ruleSetUsed.forbidden.map(({ name }) => name);
		expect([...new Set(wrong.map(([rule]) => rule))].sort()).toEqual([...names].sort());
	});
});
