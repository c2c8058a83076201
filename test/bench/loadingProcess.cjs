/** What n8n does at its start for each community package, measured; prints seconds and bytes. */
'use strict';

const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const project = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'bench-loading-'));
process.env.N8N_USER_FOLDER = folder;
process.env.N8N_ENCRYPTION_KEY = 'only-for-the-bench';
process.env.N8N_LOG_LEVEL = 'silent';

/** Bytes that are in use, whether V8 counts them or not. */
function bytesInUse() {
	for (let i = 0; i < 3; i++) global.gc();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

async function main() {
	const { LazyPackageDirectoryLoader } = require('n8n-core');
	// n8n has loaded its own nodes by then, and so all that the loader itself needs.
	const itsOwn = join(project, '.cache', 'n8n', 'newest', 'node_modules', 'n8n-nodes-base');
	await new LazyPackageDirectoryLoader(itsOwn).loadAll();
	const before = bytesInUse();
	const start = performance.now();
	const loader = new LazyPackageDirectoryLoader(project);
	await loader.loadAll();
	const seconds = (performance.now() - start) / 1000;
	const memory = bytesInUse() - before;
	// The loader is still in use here, so that nothing of it was collected above.
	if (loader.types.nodes.length === 0) throw new Error('The loader found no node.');
	process.stdout.write(JSON.stringify({ seconds, memory }));
}

main()
	.finally(() => rmSync(folder, { recursive: true, force: true }))
	.then(
		() => process.exit(),
		(error) => {
			process.stderr.write(`${error.stack}\n`);
			process.exit(1);
		},
	);
