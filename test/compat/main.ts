/** `npm run test:compat`: the behaviour suite on each server, and what came of it, if nothing surprises, in docs/servers.md. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerPackage } from '../servers/ServerPackage';
import { checkTools, install, PACKAGES } from './packages';
import { withServers } from './page';
import { verdictOn, type TestResult, type Verdict } from './verdict';

const ROOT = join(__dirname, '..', '..');
const CACHE = join(ROOT, '.cache', 'compat');
const PAGE = join(ROOT, 'docs', 'servers.md');

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function tryOut(server: ServerPackage): Verdict {
	say(`\n${server.name} ${server.version}`);
	install(server);
	const file = join(CACHE, `${server.name}.json`);
	rmSync(file, { force: true });
	const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
	const args = [jest, '--config', 'jest.compat.config.js', '--json', `--outputFile=${file}`];
	// It ends with 1, as no server is quite like S3.
	spawnSync(process.execPath, args, {
		cwd: ROOT,
		env: { ...process.env, COMPAT_SERVER: server.name },
		stdio: 'ignore',
	});
	const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
		testResults: { assertionResults: TestResult[] }[];
	};
	const day = new Date().toISOString().slice(0, 10);
	const results = testResults.flatMap(({ assertionResults }) => assertionResults);
	const verdict = verdictOn(server, day, results);
	for (const [subject, { passed, all }] of verdict.subjects)
		say(`  ${subject}: ${passed} of ${all}`);
	for (const surprise of verdict.surprises) say(`  ✗ ${surprise}`);
	return verdict;
}

const words = process.argv.slice(2);
const isChosen = ({ name }: ServerPackage) =>
	words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase()));
const chosen = PACKAGES.filter(isChosen);
try {
	checkTools(chosen);
} catch (error) {
	say((error as Error).message);
	process.exit(1);
}
const verdicts = chosen.map(tryOut);
const failed = verdicts.flatMap(({ surprises }) => surprises).length;
const all = verdicts.flatMap(({ subjects }) => [...subjects.values()]);
const tests = all.reduce((sum, subject) => sum + subject.all, 0);
const known = verdicts.filter(({ surprises }) => surprises.length === 0);
writeFileSync(PAGE, withServers(readFileSync(PAGE, 'utf8'), known));
if (failed > 0 || tests === 0) process.exitCode = 1;
say(`${tests - failed} passed, ${failed} failed`);
