/** Runs jest and says in one plain last line what it counted. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root, run } from './setup.mjs';

const results = join(root, '.cache', 'jest-results.json');

/**
 * Runs jest with these arguments; a failed test, a skipped one or none at all makes this process
 * end with 1.
 */
export async function runJest(args) {
	mkdirSync(join(root, '.cache'), { recursive: true });
	rmSync(results, { force: true });
	try {
		await run('jest', ['--json', `--outputFile=${results}`, ...args]);
	} catch (error) {
		console.error(error.message);
		process.exitCode = 1;
	}
	const counts = existsSync(results)
		? countsOf(JSON.parse(readFileSync(results, 'utf8')))
		: undefined;
	if (counts === undefined || counts.passed === 0 || counts.skipped > 0) process.exitCode = 1;
	if (counts) console.log(`${counts.passed} passed, ${counts.failed} failed`);
}

/** A file that could not even be run counts as a failed test. */
function countsOf(report) {
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
		skipped: report.numPendingTests + report.numTodoTests,
	};
}
