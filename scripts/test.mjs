/**
 * `npm test`: every check that a change has to pass, the quickest first, stopping at the first
 * that fails. With names of steps (`node scripts/test.mjs lint types`) only those; what follows
 * `--` goes to the last one, as in `npm run test:unit -- listing`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { root, run, setUp } from './setup.mjs';

const results = join(root, '.cache', 'jest-results.json');
const sources = ['s3', 'nodes', 'credentials', 'test'];
const jest = ['jest', '--json', `--outputFile=${results}`];

const steps = {
	format: { title: 'Format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
	lint: { title: 'Lint', command: ['eslint', '--max-warnings', '0', '.'] },
	types: { title: 'Types', command: ['tsc', '--noEmit'] },
	architecture: {
		title: 'Architecture',
		command: ['depcruise', '--output-type', 'err', ...sources],
	},
	unused: { title: 'Unused code', command: ['knip'] },
	unusedBySource: { title: 'Code that only tests use', command: ['knip', '--production'] },
	build: { title: 'Build', command: ['gulp', 'build'] },
	tests: { title: 'Tests', command: jest },
	unit: { title: 'Unit tests', command: [...jest, 'test/unit'], optional: true },
};

const everything = Object.keys(steps).filter((name) => !steps[name].optional);

function heading(text) {
	console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 70 - text.length))}`);
}

function seconds(milliseconds) {
	return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Runs one step and gives the milliseconds that it took; throws when it failed. */
async function take({ title, command: [tool, ...args] }, more) {
	heading(title);
	const start = performance.now();
	await run(tool, [...args, ...more]);
	return performance.now() - start;
}

/** What jest counted; a file that could not even be run counts as a failed test. */
function counted() {
	if (!existsSync(results)) return undefined;
	const report = JSON.parse(readFileSync(results, 'utf8'));
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
		skipped: report.numPendingTests + report.numTodoTests,
	};
}

async function main(args) {
	const split = args.includes('--') ? args.indexOf('--') : args.length;
	const names = args.slice(0, split).length > 0 ? args.slice(0, split) : everything;
	const more = args.slice(split + 1);
	setUp();
	mkdirSync(dirname(results), { recursive: true });
	rmSync(results, { force: true });

	const durations = [];
	let failure;
	for (const name of names) {
		if (!(name in steps)) throw new Error(`There is no step ${name}.`);
		try {
			durations.push([name, await take(steps[name], name === names.at(-1) ? more : [])]);
		} catch (error) {
			failure = `${steps[name].title} failed: ${error.message}`;
			break;
		}
	}

	heading('Summary');
	for (const [name, took] of durations) {
		console.log(`${steps[name].title.padEnd(26)} ${seconds(took).padStart(8)}`);
	}
	const count = counted();
	if (count?.skipped > 0 && more.length === 0) failure ??= `${count.skipped} tests were skipped.`;
	if (count?.passed === 0) failure ??= 'No test ran.';
	if (failure !== undefined) {
		console.log(`✖ ${failure}`);
		process.exitCode = 1;
	}
	if (count) console.log(`${count.passed} passed, ${count.failed} failed`);
}

await main(process.argv.slice(2));
