/**
 * `npm test`: every check that a change has to pass, the tests last, stopping at the first that
 * fails. With names of steps (`node scripts/test.mjs lint types`) only those; what follows
 * `--` goes to jest, as in `npm run test:unit -- listing`.
 */
import process from 'node:process';
import { jest } from './jest.mjs';
import { run, setUp } from './setup.mjs';

const sources = ['convert', 's3', 'nodes', 'credentials', 'test'];

/** Each is one command that only reads. */
const checks = {
	lint: { title: 'Lint', command: ['eslint', '--max-warnings', '0', '.'] },
	format: { title: 'Format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
	types: { title: 'Types', command: ['tsc', '--noEmit'] },
	architecture: {
		title: 'Architecture',
		command: ['depcruise', '--output-type', 'err', ...sources],
	},
	unused: { title: 'Unused code', command: ['knip'] },
	unusedBySource: { title: 'Code that only tests use', command: ['knip', '--production'] },
};

const jestRuns = {
	tests: { title: 'Tests', args: [] },
	unit: { title: 'Unit tests', args: ['test/unit'] },
};

/** Checks that run at the same time: the longest one takes about as long as all others together. */
const LANES = 2;

const durations = [];

function heading(text) {
	console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 70 - text.length))}`);
}

/** Runs one step and notes how long it took. */
async function timed(title, step) {
	const start = performance.now();
	await step();
	durations.push([title, (performance.now() - start) / 1000]);
}

/** Runs checks beside each other and prints the output of each in one piece. After a failure none begins. */
async function runChecks(names) {
	const waiting = [...names];
	const lane = async () => {
		for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
			const { title, command } = checks[name];
			const [tool, ...args] = command;
			let said = '';
			try {
				await timed(title, () => run(tool, args, { print: (chunk) => (said += chunk) }));
			} catch (error) {
				waiting.length = 0;
				throw new Error(`${title} failed: ${error.message}`, { cause: error });
			} finally {
				heading(title);
				process.stdout.write(said);
			}
		}
	};
	const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
	const failed = lanes.find(({ status }) => status === 'rejected');
	if (failed !== undefined) throw failed.reason;
}

async function build() {
	heading('Build');
	await timed('Build', () => run('gulp', ['build']));
}

/** Gives what jest counted, and why that is a failure. */
async function runTests({ title, args }, more) {
	heading(title);
	let result;
	await timed(title, async () => {
		result = await jest([...args, ...more], { mayRunSome: more.length > 0 });
	});
	return result;
}

async function main(args) {
	const split = args.includes('--') ? args.indexOf('--') : args.length;
	const names = args.slice(0, split);
	const more = args.slice(split + 1);
	const known = [...Object.keys(checks), 'build', ...Object.keys(jestRuns)];
	for (const name of names) if (!known.includes(name)) throw new Error(`There is no step ${name}.`);
	const wanted = names.length > 0 ? names : known.filter((name) => name !== 'unit');
	setUp();

	let counts;
	let failure;
	try {
		await runChecks(wanted.filter((name) => name in checks));
		if (wanted.includes('build')) await build();
		for (const name of wanted) {
			if (name in jestRuns) ({ counts, failure } = await runTests(jestRuns[name], more));
		}
	} catch (error) {
		failure = error;
	}

	heading('Summary');
	for (const [title, seconds] of durations) {
		console.log(`${title.padEnd(26)} ${`${seconds.toFixed(1)} s`.padStart(8)}`);
	}
	if (failure !== undefined) {
		console.log(`✖ ${failure.message}`);
		process.exitCode = 1;
	}
	if (counts) console.log(`${counts.passed} passed, ${counts.failed} failed`);
}

await main(process.argv.slice(2));
