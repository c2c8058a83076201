/** What n8n installs: the packed package after the build. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { resources } from '../../nodes/AmazonS3/resources';
import type { Registry } from '../../nodes/run/operation';

const root = join(__dirname, '..', '..');
const dist = join(root, 'dist');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const json = (file: string) => JSON.parse(read(file)) as Record<string, unknown>;

interface Packed {
	files: { path: string }[];
	size: number;
}

beforeAll(() => {
	if (!existsSync(dist)) throw new Error('There is no dist: run “npm run build” first.');
});

describe('the package', () => {
	it('the package holds what runs and what a person reads, and nothing else', () => {
		const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
			cwd: root,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		const [packed] = JSON.parse(output) as Packed[];
		const paths = packed?.files.map(({ path }) => path) ?? [];
		const beside = ['CHANGELOG.md', 'LICENSE.md', 'README.md', 'index.js', 'package.json'];
		expect(paths.filter((path) => !path.startsWith('dist/')).sort()).toEqual(beside);
		expect(paths.filter((path) => /\.(map|ts|pem|key)$|test/.test(path))).toEqual([]);
		expect(paths).toContain('dist/THIRD-PARTY-LICENCES.txt');
		expect(packed?.size).toBeLessThan(1024 * 1024);
	});

	it('the package names no folder of the machine that it was built on', () => {
		const files = readdirSync(dist, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => join(parentPath, name));
		expect(files.length).toBeGreaterThan(50);
		expect(files.filter((file) => readFileSync(file, 'utf8').includes(root))).toEqual([]);
	});

	it('the package has the command that converts workflows', () => {
		const { bin } = json('package.json') as { bin: Record<string, string> };
		const [[name, file] = ['', '']] = Object.entries(bin);
		expect(name).toBe(json('package.json').name);
		expect(read(file)).toMatch(/^#!\/usr\/bin\/env node\n/);
	});

	it('the package depends on nothing that would have to be installed, and runs nothing on installing', () => {
		const manifest = json('package.json');
		expect(manifest.dependencies ?? {}).toEqual({});
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		const lifecycle = /^(pre|post)?(install|publish|publishOnly|prepare|pack|uninstall)$/;
		expect(Object.keys(manifest.scripts as object).filter((name) => lifecycle.test(name))).toEqual(
			[],
		);
	});

	it('the package tells n8n its node and credentials without being loaded', () => {
		expect(Object.keys(json('dist/known/nodes.json'))).toEqual(['amazonS3', 'amazonS3Trigger']);
		const credentials = Object.keys(json('dist/known/credentials.json')).sort();
		expect(credentials).toEqual([
			'amazonS3AccessKeysApi',
			'amazonS3AmbientApi',
			'amazonS3BasicAuthApi',
			'amazonS3RolesAnywhereApi',
			'amazonS3TargetAccessKeysApi',
			'amazonS3TargetAmbientApi',
			'amazonS3TargetBasicAuthApi',
			'amazonS3TargetRolesAnywhereApi',
		]);
		const types = read('dist/types/nodes.json') + read('dist/types/credentials.json');
		for (const name of ['amazonS3', ...credentials]) expect(types).toContain(`"name":"${name}"`);
	});

	it('the package has pictures, codex and output schemas beside the node', () => {
		const files = readdirSync(join(dist, 'nodes', 'AmazonS3'));
		expect(files).toEqual(
			expect.arrayContaining([
				'amazonS3.svg',
				'amazonS3.dark.svg',
				'AmazonS3.node.json',
				'__schema__',
			]),
		);
	});

	it('the package has the schema of every operation’s output where n8n’s editor looks for it', () => {
		const { version } = new AmazonS3().description;
		const folder = join(dist, `nodes/AmazonS3/__schema__/v${String(version)}.0.0`);
		const published = readdirSync(folder, { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.json'))
			.map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))] as const);
		const declared = Object.entries<Registry>(resources).flatMap(([resource, operations]) =>
			Object.entries(operations).map(
				([name, { output }]) => [`${resource}/${name}.json`, output] as const,
			),
		);
		expect(Object.fromEntries(published)).toEqual(Object.fromEntries(declared));
	});

	it('the package loads no SDK for describing itself', () => {
		const script = `
			require('./dist/nodes/AmazonS3/AmazonS3.node.js');
			for (const name of ['AmazonS3AccessKeysApi', 'AmazonS3AmbientApi', 'AmazonS3BasicAuthApi', 'AmazonS3RolesAnywhereApi']) {
				const module = require('./dist/credentials/' + name + '.credentials.js');
				new module[name]();
			}
			console.log(Object.keys(require.cache).filter((file) => file.endsWith('/s3/sdk.js')).length);`;
		const loaded = execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' });
		expect(loaded.trim()).toBe('0');
	});
});

/** What one step of n8n's loader cost: CPU in milliseconds, memory in MiB, and what of us it loaded. */
interface Step {
	cpu: number;
	memory: number;
	modules: string[];
}

describe('n8n’s loader', () => {
	const script = `
		const { LazyPackageDirectoryLoader } = require('n8n-core');
		const folder = process.cwd();
		const modules = () => Object.keys(require.cache).filter((file) => file.startsWith(folder + '/dist/'));
		async function measured(step) {
			gc();
			const memory = process.memoryUsage().heapUsed;
			const cpu = process.cpuUsage();
			await step();
			const { user, system } = process.cpuUsage(cpu);
			gc();
			const more = (process.memoryUsage().heapUsed - memory) / 2 ** 20;
			return { cpu: (user + system) / 1000, memory: more, modules: modules() };
		}
		async function main() {
			const loader = new LazyPackageDirectoryLoader(folder);
			const start = await measured(() => loader.loadAll());
			const use = await measured(() => {
				loader.getNode('amazonS3');
				Object.keys(loader.known.credentials).forEach((name) => loader.getCredential(name));
			});
			const sdk = await measured(() => require('./dist/s3/sdk.js'));
			console.log(JSON.stringify({ lazy: loader.isLazyLoaded, start, use, sdk }));
		}
		void main();`;
	let found: { lazy: boolean; start: Step; use: Step; sdk: Step };

	beforeAll(() => {
		const output = execFileSync(process.execPath, ['--expose-gc', '-e', script], {
			cwd: root,
			encoding: 'utf8',
			env: { ...process.env, N8N_LOG_LEVEL: 'silent' },
		});
		found = JSON.parse(output.trim().split('\n').at(-1) ?? '') as typeof found;
	});

	// On an idle machine the start takes 3 ms and 0.1 MiB, the first use 40 ms and 3 MiB.
	it('n8n’s loader reads descriptions at the start and none of the code', () => {
		expect(found).toMatchObject({ lazy: true, start: { modules: [] } });
		expect(found.start.cpu).toBeLessThan(50);
		expect(found.start.memory).toBeLessThan(2);
	});

	it('n8n’s loader loads the node without the SDK, and both quickly', () => {
		const isSdk = (file: string) => file.endsWith('/s3/sdk.js');
		expect(found.use.modules.length).toBeGreaterThan(10);
		expect(found.use.modules.filter(isSdk)).toEqual([]);
		expect(found.sdk.modules.filter(isSdk)).toHaveLength(1);
		expect(found.use.cpu + found.sdk.cpu).toBeLessThan(500);
		expect(found.use.memory + found.sdk.memory).toBeLessThan(10);
	});
});

describe('the bundle of the SDK', () => {
	it('the bundle of the SDK asks for nothing but modules of Node, and for signers that it can do without', () => {
		const asked = [...read('dist/s3/sdk.js').matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(
			([, name = '']) => name.replace(/^node:/, ''),
		);
		const others = new Set(asked.filter((name) => !builtinModules.includes(name)));
		// The SDK looks for these when it is to sign for access points of several regions.
		expect(others).toEqual(new Set(['@aws-sdk/signature-v4-crt', '@aws-sdk/signature-v4a']));
	});

	it('the bundle of the SDK has Node load nothing as an ES module, which each first use would wait for', () => {
		expect(read('dist/s3/sdk.js')).not.toMatch(/\bimport\(/);
	});

	it('the bundle of the SDK brings the licences of what is in it', () => {
		const licences = read('dist/THIRD-PARTY-LICENCES.txt');
		for (const name of ['@aws-sdk/client-s3@', '@smithy/core@', '@smithy/signature-v4@']) {
			expect(licences).toContain(name);
		}
		expect(licences).toContain('Apache License');
	});

	it('the bundle of the SDK holds no operation that nobody calls, which each first use would wait for', () => {
		const bundle = read('dist/s3/sdk.js');
		const called = ['ListObjectsV2Request', 'CompleteMultipartUploadRequest'];
		const uncalled = ['SelectObjectContentRequest', 'PutBucketLifecycleConfigurationRequest'];
		const names = [...called, ...uncalled, 'EventStreamCodec'];
		expect(names.filter((name) => bundle.includes(name))).toEqual(called);
	});

	it('the bundle of the SDK cannot find credentials of the machine that n8n runs on', () => {
		const bundle = read('dist/s3/sdk.js');
		const traces = ['AWS_ACCESS_KEY_ID', 'AWS_CONTAINER_CREDENTIALS', '169.254.170.2'];
		expect(traces.filter((trace) => bundle.includes(trace))).toEqual([]);
	});
});
