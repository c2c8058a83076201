/** docs/security.md promises only what a test proves. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { readDoc } from '../docs/page';

const root = join(__dirname, '..', '..');
const page = readDoc('security.md');
const rows = page
	.split('\n')
	.filter(
		(line) => line.startsWith('| ') && !line.startsWith('| Promise') && !line.startsWith('| ---'),
	);

it('docs/security.md has a section for each of those who might do harm', () => {
	expect([...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
		'A workflow author with a shared credential',
		'A hostile server',
		'A hostile object',
		'A hostile network',
		'A hostile item',
	]);
});

it('each promise of docs/security.md is one sentence, followed by a test that exists', () => {
	const broken = rows.filter((row) => {
		const [, path = ''] = /^\| [^|]+\. \| `(test\/[^`]+\.test\.ts)` \|$/.exec(row) ?? [];
		return path === '' || !existsSync(join(root, path));
	});
	expect(broken).toEqual([]);
	expect(rows.length).toBeGreaterThan(0);
});
