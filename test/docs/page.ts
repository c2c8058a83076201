/** What people copy from the pages under docs/. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const DOCS = join(__dirname, '..', '..', 'docs');

/** The text of a page or file, e.g. `basic-auth.md`. */
export function readDoc(name: string): string {
	return readFileSync(join(DOCS, name), 'utf8');
}

/** The fenced blocks of a page in one language, without the indentation that a list gives them. */
export function blocksIn(page: string, language: string): string[] {
	const fence = new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^\\1\`\`\`$`, 'gm');
	return [...page.matchAll(fence)].map(([, indent = '', block = '']) =>
		block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
	);
}

/** The only block in that language that holds the words. */
export function blockWith(page: string, language: string, words: string): string {
	const [block, another] = blocksIn(page, language).filter((text) => text.includes(words));
	if (block === undefined || another !== undefined) {
		throw new Error(`The page has not one block of ${language} with “${words}”.`);
	}
	return block;
}

/** The cells of each row of the tables with this first heading, without their headings. */
export function rowsUnder(page: string, heading: string): string[][] {
	const table = new RegExp(`^\\| ${heading} \\|.*\\n\\|[ |-]+\\|\\n((?:\\|.*\\n)*)`, 'gm');
	return [...page.matchAll(table)].flatMap(([, rows = '']) =>
		rows
			.trimEnd()
			.split('\n')
			.map((row) => row.slice(2, -2).split(' | ')),
	);
}
