/** Every source file with code has a test of its name, so that one knows where to look and what is missing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..', '..');

/** Files that have no test of their name, and the tests that show what they do. */
const BY_THEME: [files: RegExp, tests: string][] = [
	// Operations that share the test on the engine which runs them in n8n.
	[/\/object\/(copy|move)\.operation\.ts$/, 'test/engine/Copying.test.ts'],
	[/\/object\/(get|set)Tags\.operation\.ts$/, 'test/engine/tags.test.ts'],
	[/\/bucket\/\w+\.operation\.ts$/, 'test/engine/buckets.test.ts'],
	// The parts of one function, which only its result shows.
	[/^convert\/\w+\.ts$/, 'test/unit/convert/convertWorkflow.test.ts'],
	// Every engine test has n8n load the node and its credentials; what they declare is in a snapshot.
	[/\.(node|credentials)\.ts$/, 'test/unit/publicInterface.test.ts'],
	// The estimates of a sample are those of its estimator.
	[/\/PositionalSample\.ts$/, 'test/unit/s3/list/parallel/keys/PositionalEstimator.test.ts'],
];

const allIn = (folder: string, end: string): string[] =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith(end))
		.map((path) => `${folder}/${path}`);

/** Whether a file has functions, and not only types and data. */
function hasCode(path: string): boolean {
	const isCode = (node: ts.Node): boolean =>
		('body' in node && ts.isFunctionLike(node)) || ts.forEachChild(node, isCode) === true;
	const text = readFileSync(join(root, path), 'utf8');
	return isCode(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
}

/** Where the test of a source file may be: what it does by itself, with failing servers, and in n8n. */
function testsOf(path: string): string[] {
	const name = path.replace(/\.ts$/, '');
	const inEngine = basename(name).replace(/\.operation$/, '');
	return [
		`test/unit/${name}.test.ts`,
		`test/faults/${name.replace(/^s3\//, '')}.test.ts`,
		// An operation of buckets has the name of one of objects.
		...(name.includes('/bucket/') ? [] : [`test/engine/${inEngine}.test.ts`]),
	];
}

const folders = ['s3', 'nodes', 'credentials', 'convert'];
const sources = folders.flatMap((folder) => allIn(folder, '.ts'));
const isThere = (path: string) => existsSync(join(root, path));

it('every source file with code has a test of its name, or is one of the few that are tested by theme', () => {
	const without = sources.filter((path) => hasCode(path) && !testsOf(path).some(isThere));
	expect(without.filter((path) => !BY_THEME.some(([files]) => files.test(path)))).toEqual([]);
	// An exception that no file needs, or whose tests are gone, is none.
	const needed = BY_THEME.filter(([files]) => without.some((path) => files.test(path)));
	expect(needed.map(([, tests]) => tests).filter(isThere)).toEqual(
		BY_THEME.map(([, tests]) => tests),
	);
});

/** Unit tests of one side of a source file, which has a test of its name besides. */
const PARTS = ['identity/rolesAnywhere/privateKeyMlDsa', 'list/parallel/listingTime'];

it('every unit test has the name and the folder of a source file', () => {
	const tests = folders.flatMap((folder) => allIn(`test/unit/${folder}`, '.test.ts'));
	const sourceOf = (test: string) => test.replace(/^test\/unit\/(.*)\.test\.ts$/, '$1.ts');
	const parts = PARTS.map((name) => `test/unit/s3/${name}.test.ts`);
	expect(tests.filter((test) => !isThere(sourceOf(test))).sort()).toEqual(parts.sort());
});
