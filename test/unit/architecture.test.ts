/** Every rule of .dependency-cruiser.cjs catches the imports that it is there for. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '..', '..');
const depcruise = join(root, 'node_modules', '.bin', 'depcruise');

const outside = (name: string): Record<string, string> => ({
	[`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0' }),
	[`node_modules/${name}/index.js`]: 'module.exports = {};',
});

/** A project in small; what each file imports is as it should be. */
const clean: Record<string, string[]> = {
	's3/Connection.ts': [],
	's3/S3Failure.ts': [],
	's3/Call.ts': [],
	's3/sdk.ts': ['@aws-sdk/client-s3'],
	's3/memory/PageBuffer.ts': ['s3/S3Failure.ts'],
	's3/errors/failureFrom.ts': ['s3/S3Failure.ts'],
	's3/retry/retry.ts': ['s3/errors/failureFrom.ts', 's3/S3Failure.ts'],
	's3/policy/bucketOnly.ts': ['s3/errors/failureFrom.ts', 's3/Connection.ts'],
	's3/checksums/stored.ts': ['s3/sdk.ts'],
	's3/headers/etag.ts': ['s3/errors/failureFrom.ts', 's3/checksums/stored.ts'],
	's3/http/agentsFor.ts': ['s3/retry/retry.ts', 's3/memory/PageBuffer.ts', 's3/sdk.ts'],
	's3/identity/assumeRole.ts': ['s3/http/agentsFor.ts', 's3/retry/retry.ts', 's3/sdk.ts'],
	's3/client/S3.ts': ['s3/Call.ts', 's3/sdk.ts', 's3/memory/PageBuffer.ts'],
	's3/client/authorize.ts': ['s3/policy/bucketOnly.ts'],
	's3/client/openS3.ts': [
		's3/client/authorize.ts',
		's3/client/S3.ts',
		's3/http/agentsFor.ts',
		's3/identity/assumeRole.ts',
		's3/policy/bucketOnly.ts',
		's3/retry/retry.ts',
		's3/errors/failureFrom.ts',
	],
	's3/write/parts.ts': ['s3/client/S3.ts', 's3/retry/retry.ts', 's3/headers/etag.ts'],
	...Object.fromEntries(
		['upload', 'download', 'list', 'objects', 'buckets'].map((verb) => [
			`s3/${verb}/${verb}.ts`,
			[
				's3/client/S3.ts',
				's3/write/parts.ts',
				's3/retry/retry.ts',
				's3/errors/failureFrom.ts',
				's3/headers/etag.ts',
				's3/checksums/stored.ts',
				's3/memory/PageBuffer.ts',
				's3/policy/bucketOnly.ts',
				's3/sdk.ts',
			],
		]),
	),
	's3/objects/copyBetween.ts': [
		's3/upload/upload.ts',
		's3/download/download.ts',
		's3/objects/objects.ts',
		's3/client/S3.ts',
	],
	's3/objects/prefix/prefix.ts': ['s3/list/list.ts', 's3/objects/objects.ts'],
	's3/events/parseEvents.ts': ['s3/S3Failure.ts'],
	's3/queue/openQueue.ts': ['s3/http/agentsFor.ts', 's3/identity/assumeRole.ts', 's3/sdk.ts'],
	'credentials/read/readConnection.ts': ['s3/Connection.ts', 'n8n-workflow'],
	'nodes/connection/open.ts': ['credentials/read/readConnection.ts', 's3/client/openS3.ts'],
	'nodes/run/forEachItem.ts': ['nodes/connection/open.ts', 's3/client/S3.ts', 'n8n-workflow'],
	'nodes/AmazonS3/object/put.operation.ts': ['s3/upload/upload.ts', 's3/S3Failure.ts'],
	'nodes/AmazonS3/object/index.ts': ['nodes/AmazonS3/object/put.operation.ts'],
	'convert/expressions.ts': ['node:fs'],
	'convert/main.ts': ['convert/expressions.ts'],
	'test/server.ts': ['nodes/AmazonS3/object/put.operation.ts', 'convert/main.ts'],
};

/** Of each rule: a file with an import that it forbids, and what is imported. */
const wrong: [rule: string, file: string, imported: string][] = [
	['no-cycles', 's3/client/authorize.ts', 's3/client/openS3.ts'],
	['s3-knows-no-n8n', 's3/upload/wrong1.ts', 'nodes/run/forEachItem.ts'],
	['s3-knows-no-n8n', 's3/upload/wrong2.ts', 'n8n-workflow'],
	['s3-outside-only-node', 's3/upload/wrong3.ts', 'axios'],
	['one-door-to-the-sdk', 'nodes/run/wrong.ts', '@aws-sdk/client-s3'],
	['sdk-stands-alone', 's3/sdk.ts', 's3/memory/PageBuffer.ts'],
	['s3-roots', 's3/Connection.ts', 's3/S3Failure.ts'],
	['s3-memory', 's3/memory/wrong.ts', 's3/errors/failureFrom.ts'],
	['s3-errors', 's3/errors/wrong.ts', 's3/http/agentsFor.ts'],
	['s3-retry', 's3/retry/wrong.ts', 's3/client/S3.ts'],
	['s3-policy', 's3/policy/wrong.ts', 's3/client/S3.ts'],
	['s3-checksums', 's3/checksums/wrong.ts', 's3/headers/etag.ts'],
	['s3-headers', 's3/headers/wrong.ts', 's3/upload/upload.ts'],
	['s3-http', 's3/http/wrong.ts', 's3/identity/assumeRole.ts'],
	['s3-identity', 's3/identity/wrong.ts', 's3/client/S3.ts'],
	['s3-client', 's3/client/wrong.ts', 's3/upload/upload.ts'],
	['s3-write', 's3/write/wrong.ts', 's3/upload/upload.ts'],
	['s3-events', 's3/events/wrong.ts', 's3/client/S3.ts'],
	['s3-queue', 's3/queue/wrong.ts', 's3/client/S3.ts'],
	['s3-upload', 's3/upload/wrong4.ts', 's3/download/download.ts'],
	['s3-upload', 's3/upload/wrong5.ts', 's3/client/openS3.ts'],
	['s3-download', 's3/download/wrong.ts', 's3/http/agentsFor.ts'],
	['s3-list', 's3/list/wrong.ts', 's3/identity/assumeRole.ts'],
	['s3-objects', 's3/objects/wrong.ts', 's3/list/list.ts'],
	['s3-objects', 's3/objects/wrong2.ts', 's3/upload/upload.ts'],
	['s3-objects', 's3/objects/wrong3.ts', 's3/objects/prefix/prefix.ts'],
	['s3-copy-between', 's3/objects/copyBetween.ts', 's3/list/list.ts'],
	['s3-copy-between', 's3/objects/copyStream.ts', 's3/objects/prefix/prefix.ts'],
	['s3-buckets', 's3/buckets/wrong.ts', 's3/objects/objects.ts'],
	['s3-objects/prefix', 's3/objects/prefix/wrong.ts', 's3/download/download.ts'],
	['s3-watch', 's3/watch/wrong.ts', 's3/objects/objects.ts'],
	['s3-url', 's3/url/wrong.ts', 's3/upload/upload.ts'],
	['credentials-know-no-node', 'credentials/read/wrong.ts', 'nodes/run/forEachItem.ts'],
	['one-place-opens-connections', 'nodes/run/wrong1.ts', 's3/client/openS3.ts'],
	['one-place-opens-connections', 'nodes/run/wrong2.ts', 'credentials/read/readConnection.ts'],
	['one-place-opens-connections', 'nodes/run/wrong4.ts', 's3/http/agentsFor.ts'],
	['one-place-opens-connections', 'nodes/run/wrong5.ts', 's3/identity/assumeRole.ts'],
	['operations-see-only-verbs', 'nodes/AmazonS3/object/a.operation.ts', 's3/client/S3.ts'],
	['operations-are-leaves', 'nodes/AmazonS3/pickers.ts', 'nodes/AmazonS3/object/put.operation.ts'],
	['convert-stands-alone', 'convert/wrong1.ts', 's3/S3Failure.ts'],
	['convert-stands-alone', 'convert/wrong2.ts', 'n8n-workflow'],
	['convert-is-a-command', 'nodes/run/wrong3.ts', 'convert/expressions.ts'],
	['no-test-in-source', 's3/list/wrong1.ts', 'test/server.ts'],
];

/** The only import that has to be more than a type to be wrong. */
const byValue: [rule: string, file: string, imported: string] = [
	'sdk-is-loaded-at-first-use',
	's3/list/wrong2.ts',
	's3/sdk.ts',
];

interface Report {
	modules: { source: string }[];
	summary: {
		violations: { from: string; rule: { name: string } }[];
		ruleSetUsed: { forbidden: { name: string }[] };
	};
}

let project: string;

function specifier(file: string, imported: string): string {
	if (!/^(convert|s3|nodes|credentials|test)\//.test(imported)) return imported;
	const path = relative(dirname(file), imported).replace(/\.ts$/, '');
	return path.startsWith('.') ? path : `./${path}`;
}

/** A file that imports the types of others, which leaves no trace in what is published. */
const importing = (file: string, imported: string[]): string =>
	[
		...imported.map(
			(name, index) => `import type * as type${index} from '${specifier(file, name)}';`,
		),
		...imported.map((_, index) => `export type T${index} = typeof type${index};`),
		'export {};',
	].join('\n');

function write(file: string, content: string): void {
	mkdirSync(dirname(join(project, file)), { recursive: true });
	writeFileSync(join(project, file), content);
}

beforeEach(() => {
	project = mkdtempSync(join(tmpdir(), 'architecture-'));
	for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json']) {
		cpSync(join(root, file), join(project, file));
	}
	write('package.json', '{}');
	for (const [file, imported] of Object.entries(clean)) write(file, importing(file, imported));
	for (const name of ['@aws-sdk/client-s3', 'n8n-workflow', 'axios']) {
		for (const [file, content] of Object.entries(outside(name))) write(file, content);
	}
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function cruise(): Report {
	const { stdout, stderr } = spawnSync(
		process.execPath,
		[depcruise, '--output-type', 'json', 'convert', 's3', 'nodes', 'credentials', 'test'],
		{ cwd: project, encoding: 'utf8' },
	);
	if (stdout === '') throw new Error(`dependency-cruiser gave no report: ${stderr}`);
	return JSON.parse(stdout) as Report;
}

describe('the rules of the architecture', () => {
	it('the rules of the architecture let a project pass in which imports point one way', () => {
		const { modules, summary } = cruise();
		expect(modules.map(({ source }) => source)).toEqual(expect.arrayContaining(Object.keys(clean)));
		expect(summary.violations).toEqual([]);
	});

	it('the rules of the architecture report each import that one of them forbids, also of types alone', () => {
		for (const [, file, imported] of wrong) {
			write(file, importing(file, [...(clean[file] ?? []), imported]));
		}
		const [rule, file, imported] = byValue;
		write(file, `import * as sdk from '${specifier(file, imported)}';\nexport const s = sdk;`);
		const { violations, ruleSetUsed } = cruise().summary;
		expect(violations.map(({ from, rule: { name } }) => `${name} in ${from}`)).toEqual(
			expect.arrayContaining([...wrong, byValue].map(([name, from]) => `${name} in ${from}`)),
		);
		const names = ruleSetUsed.forbidden.map(({ name }) => name);
		expect([...new Set([rule, ...wrong.map(([name]) => name)])].sort()).toEqual(names.sort());
	});
});
