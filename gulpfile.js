'use strict';

const { execFile } = require('node:child_process');
const { mkdir, readFile, rm, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { promisify } = require('node:util');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');

const DIST = join(__dirname, 'dist');
const SDK_SOURCE = 's3/sdk.ts';
const SDK_BUNDLE = join(DIST, 's3', 'sdk.js');

/** What esbuild made of the SDK, until `writeBundle` may put it where tsc writes, too. */
let bundle;

/** Runs an installed tool; a failure carries what the tool printed. */
async function tool(name, args) {
	const file = join(__dirname, 'node_modules', '.bin', name);
	try {
		await promisify(execFile)(file, args, { cwd: __dirname });
	} catch (error) {
		throw new Error(`${name} failed:\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
	}
}

function clean() {
	return rm(DIST, { recursive: true, force: true });
}

/**
 * Leaves out the SDK's search for credentials in files, environment and instance metadata: every
 * connection brings its own. The role of the machine that n8n runs on is used only if its owner allows it,
 * by `s3/identity/machine/`.
 */
const withoutAmbientCredentials = {
	name: 'without-ambient-credentials',
	setup(build) {
		build.onLoad({ filter: /credential-provider-node\/.*index\.js$/ }, () => ({
			contents:
				"export const defaultProvider = () => () => Promise.reject(new Error('no credentials'));",
		}));
	},
};

/**
 * Leaves out the log of the proxy agents: with DEBUG=* in its environment n8n would print headers with
 * passwords.
 */
const withoutDebugLog = {
	name: 'without-debug-log',
	setup(build) {
		build.onLoad({ filter: /node_modules\/debug\/src\/index\.js$/ }, () => ({
			contents: 'module.exports = () => () => undefined;',
		}));
	},
};

/**
 * Leaves out event streams, which no operation of this package has. The SDK would load them when they are
 * needed, and for that esbuild keeps whole, and by itself, each module of the SDK that they use, too.
 */
const withoutEventStreams = {
	name: 'without-event-streams',
	setup(build) {
		build.onLoad({ filter: /submodules\/event-streams\/index\.js$/ }, () => ({
			contents: `
				export const eventStreamSerdeProvider = () => undefined;
				export const resolveEventStreamSerdeConfig = (config) => config;
				export class EventStreamSerde {
					constructor() {
						throw new Error('Event streams are not in this bundle.');
					}
				}
			`,
		}));
	},
};

/**
 * Writes the keys in the schemas of the SDK out, which are constants there: esbuild takes a key that is
 * looked up for one that may do something, and would keep the schemas of operations that nobody calls.
 */
const withPlainSchemas = {
	name: 'with-plain-schemas',
	setup(build) {
		build.onLoad({ filter: /client-s3\/dist-es\/schemas\/.*\.js$/ }, async ({ path }) => {
			const text = await readFile(path, 'utf8');
			const constants = new Map(
				[...text.matchAll(/^const (\w+) = ("[^"\\]*");$/gm)].map(([, name, value]) => [
					name,
					value,
				]),
			);
			return {
				contents: text.replace(/\[(\w+)\]:/g, (key, name) =>
					constants.has(name) ? `${constants.get(name)}:` : key,
				),
			};
		});
	},
};

/** The AWS SDK and what it needs as one CommonJS file, so that users install a single package. */
async function bundleSdk() {
	const result = await esbuild.build({
		absWorkingDir: __dirname,
		entryPoints: [SDK_SOURCE],
		outfile: SDK_BUNDLE,
		bundle: true,
		write: false,
		metafile: true,
		platform: 'node',
		// To `import()` node:http Node loads all of its fetch: 15 ms where nobody has needed that yet.
		supported: { 'dynamic-import': false },
		format: 'cjs',
		target: 'node20',
		// The ES modules of the SDK let esbuild drop the commands that nobody calls.
		mainFields: ['module', 'main'],
		// Names stay, so that a stack trace from the SDK can be read.
		minifySyntax: true,
		minifyWhitespace: true,
		legalComments: 'none',
		plugins: [withoutAmbientCredentials, withoutDebugLog, withoutEventStreams, withPlainSchemas],
		// The SDK warns on every start about a Node version that users of n8n cannot choose.
		define: { 'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"' },
	});
	const ownFiles = Object.keys(result.metafile.inputs).filter(
		(file) => !file.includes('node_modules/'),
	);
	if (ownFiles.length !== 1) {
		// Another copy of one of our modules would have its own classes and its own state.
		throw new Error(
			`The SDK bundle holds more of this project than ${SDK_SOURCE}: ${ownFiles.join(', ')}`,
		);
	}
	bundle = { code: result.outputFiles[0].contents, metafile: result.metafile };
}

function compile() {
	return tool('tsc', ['--project', 'tsconfig.build.json']);
}

async function writeBundle() {
	await mkdir(join(DIST, 's3'), { recursive: true });
	await writeFile(SDK_BUNDLE, bundle.code);
}

/** Codex files have to lie in dist before the metadata is made, which takes them in. */
function copyStaticFiles() {
	return src(['nodes/**/*.node.json', '{nodes,credentials}/**/*.svg'], {
		base: '.',
		encoding: false,
	}).pipe(dest(DIST));
}

/** `dist/known` and `dist/types`, which spare n8n from loading the nodes just to show them. */
function generateMetadata() {
	return tool('n8n-generate-metadata', []);
}

/**
 * The schema of each operation's output, where n8n's editor asks for the version, resource and operation
 * of a node. It shows the fields before the node has run.
 */
async function writeSchemas() {
	const { resources } = require('./dist/nodes/AmazonS3/resources.js');
	for (const [resource, operations] of Object.entries(resources)) {
		const folder = join(DIST, 'nodes/AmazonS3/__schema__/v1.0.0', resource);
		await mkdir(folder, { recursive: true });
		for (const [operation, { output }] of Object.entries(operations)) {
			await writeFile(join(folder, `${operation}.json`), JSON.stringify(output, undefined, '\t'));
		}
	}
}

async function writeLicences() {
	const { licencesOf } = await import('./scripts/licences.mjs');
	await writeFile(join(DIST, 'THIRD-PARTY-LICENCES.txt'), licencesOf(bundle.metafile));
}

exports.clean = clean;
exports.build = series(
	clean,
	parallel(bundleSdk, compile, copyStaticFiles),
	parallel(writeBundle, writeLicences, writeSchemas),
	generateMetadata,
);
exports.default = exports.build;
