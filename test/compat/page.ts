/** What docs/servers.md has of servers: a table, and a section for each of them. */
import type { Lack } from '../servers/TestServer';
import type { Verdict } from './verdict';

const BEGIN = '<!-- npm run test:compat writes from here -->';
const END = '<!-- to here -->';

/** What a server does where it lacks something, by which tests go. */
const LACKS: Readonly<Record<Lack, string>> = {
	checksums: 'has no `x-amz-checksum` headers',
	multipartTags: 'drops the tags of an upload in parts',
	multipartLocks: 'forgets the lock of an object in parts',
	emptyUploads: 'calls a bucket without uploads in parts an error',
	keysUnlikePaths:
		'keeps objects as files: no key can be the folder of another, end with `/` or hold `//`',
	completionEtag: 'names no ETag after an upload in parts',
	attributes: 'has no attributes of objects',
	tagsVersion: 'names no version with tags',
	tagCharacters: 'counts the bytes of tags instead of their characters',
	tagAlphabet: 'takes tags with every character',
	secretCopies: 'copies nothing by itself that is under a key of a customer',
	redirectOfCopies: 'copies the website redirect of an object, too',
	unlockedCopies: 'locks copies as their sources are',
	acls: 'takes ACLs of objects and forgets them',
	archives: 'has no archives',
	newBucketsWithTags: 'creates no bucket with tags',
	tagsOfNewBuckets: 'ignores the tags that a bucket is created with',
	markerStatus: 'does not tell a delete marker from what never was',
};

/** The page with a new row and section for each server that was tried; those of the others stay. */
export function withServers(page: string, verdicts: readonly Verdict[]): string {
	const [before, rest] = page.split(BEGIN);
	const [written, after] = rest?.split(END) ?? [];
	if (before === undefined || written === undefined || after === undefined)
		throw new Error('The page has no marks.');
	const [table = '', ...others] = written.split(/^### /m);
	const rows = new Map(rowsOf(table));
	const sections = new Map(others.map((text) => [text.split('\n', 1)[0], `### ${text.trim()}`]));
	for (const verdict of verdicts) {
		rows.set(verdict.server.name, rowOf(verdict));
		sections.set(verdict.server.name, sectionOf(verdict));
	}
	const lines = [
		'| Server | In short | Version | Tests that pass | Tried on |',
		'| --- | --- | --- | --- | --- |',
		...rows.values(),
	];
	const parts = [lines.join('\n'), '## What they do otherwise', ...sections.values()];
	return `${before}${BEGIN}\n\n${parts.join('\n\n')}\n\n${END}${after}`;
}

/** The rows of a table without its head, by the name of their server. */
function rowsOf(table: string): [name: string, row: string][] {
	const rows = table.split('\n').filter((line) => line.startsWith('| ['));
	return rows.map((row) => [row.slice('| ['.length, row.indexOf(']')), row]);
}

function rowOf({ server, day, subjects }: Verdict): string {
	const { name, summary, version } = server;
	const section = name.toLowerCase().replaceAll(' ', '-');
	const counts = [...subjects.values()];
	const passed = counts.reduce((sum, count) => sum + count.passed, 0);
	const all = counts.reduce((sum, count) => sum + count.all, 0);
	const cells = [`[${name}](#${section})`, summary, version, `${passed} of ${all}`, day];
	return `| ${cells.join(' | ')} |`;
}

function sectionOf({ server, subjects, faults }: Verdict): string {
	const works = [...subjects].map(([subject, { passed, all }]) =>
		passed === all ? `${subject} all ${all}` : `${subject} ${passed} of ${all}`,
	);
	const deviations = [
		...[...faults].map(([fault, where]) => `${fault} (${[...where].join(', ')})`),
		...server.lacks.map((lack) => LACKS[lack]),
	];
	return [
		`### ${server.name}`,
		'What to know in workflows:',
		listOf(server.consequences),
		'What it does otherwise, and in brackets whose tests fail for that:',
		listOf(deviations),
		`Tests that pass: ${works.join(', ')}.`,
	].join('\n\n');
}

const listOf = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
