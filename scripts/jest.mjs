/** Runs jest and says in one plain last line what it counted. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { root, run } from './setup.mjs';

/** Of this process: suites may run beside each other. */
const results = join(root, '.cache', `jest-results-${process.pid}.json`);

/**
 * Runs jest with these arguments. Gives what it counted, undefined if it ended too early for that, and
 * an error for a failed test, for a skipped one unless `mayRunSome`, and if no test ran.
 * @param options.node major version of the Node that runs it
 */
export async function jest(args, { node, env, mayRunSome = false } = {}) {
	mkdirSync(dirname(results), { recursive: true });
	rmSync(results, { force: true });
	// Not through its executable, which would look for a Node of its own.
	const file = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
	let failure;
	try {
		await run('node', [file, '--json', `--outputFile=${results}`, ...args], { node, env });
	} catch (error) {
		failure = error;
	}
	const counts = countsOf(results);
	rmSync(results, { force: true });
	if (counts?.skipped > 0 && !mayRunSome)
		failure ??= new Error(`${counts.skipped} tests were skipped.`);
	if (!counts?.passed) failure ??= new Error('No test ran.');
	return { counts, failure };
}

/** A file that could not even be run counts as a failed test. */
function countsOf(file) {
	if (!existsSync(file)) return undefined;
	const report = JSON.parse(readFileSync(file, 'utf8'));
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
		skipped: report.numPendingTests + report.numTodoTests,
	};
}

/** A whole command that is one run of jest. */
export async function runJest(args, options) {
	const { counts, failure } = await jest(args, options);
	if (failure !== undefined) {
		console.error(failure.message);
		process.exitCode = 1;
	}
	if (counts) console.log(`${counts.passed} passed, ${counts.failed} failed`);
}
