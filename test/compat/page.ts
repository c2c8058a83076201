/** The table of docs/servers.md. */
import type { Lack } from '../servers/TestServer';
import type { Verdict } from './verdict';

const BEGIN = '<!-- npm run test:compat writes from here -->';
const END = '<!-- to here -->';

/** What a server does where it lacks something. */
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
	archives: 'has no archives',
	markerStatus: 'does not tell a delete marker from what never was',
};

/** The page with a new row for each server that was tried; the rows of the others stay. */
export function withServers(page: string, verdicts: readonly Verdict[]): string {
	const [before, rest] = page.split(BEGIN);
	const [table, after] = rest?.split(END) ?? [];
	if (before === undefined || table === undefined || after === undefined)
		throw new Error('The page has no marks.');
	const rows = new Map(rowsOf(table));
	for (const verdict of verdicts) rows.set(verdict.server.name, rowOf(verdict));
	const lines = [
		'| Server | Version | Tried on | Tests that pass | What it does not do as S3 does |',
		'| --- | --- | --- | --- | --- |',
		...rows.values(),
	];
	return `${before}${BEGIN}\n\n${lines.join('\n')}\n\n${END}${after}`;
}

/** The rows of a table without its head, by what stands in their first cell. */
function rowsOf(table: string): [name: string, row: string][] {
	const rows = table.split('\n').filter((line) => line.startsWith('| '));
	return rows.slice(2).map((row) => [row.split(' | ')[0]?.slice(2) ?? '', row]);
}

function rowOf({ server, day, subjects }: Verdict): string {
	const works = [...subjects].map(([subject, { passed, all }]) =>
		passed === all ? `${subject}: all ${all}` : `${subject}: ${passed} of ${all}`,
	);
	const deviations = new Set([
		...Object.values(server.faults),
		...server.lacks.map((lack) => LACKS[lack]),
	]);
	const cells = [server.name, server.version, day, works.join(', '), [...deviations].join('; ')];
	return `| ${cells.join(' | ')} |`;
}
