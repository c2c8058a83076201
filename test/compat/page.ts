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

/** The page with a row for each server that was tried. */
export function withServers(page: string, verdicts: readonly Verdict[]): string {
	const [before, after] = [page.split(BEGIN)[0], page.split(END)[1]];
	if (before === undefined || after === undefined) throw new Error('The page has no marks.');
	const rows = [
		'| Server | Version | Tried on | Tests that pass | What it does not do as S3 does |',
		'| --- | --- | --- | --- | --- |',
		...verdicts.map(rowOf),
	];
	return `${before}${BEGIN}\n\n${rows.join('\n')}\n\n${END}${after}`;
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
