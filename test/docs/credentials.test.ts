/** docs/credentials.md says what credentials declare. */
import { credentialsPage, credentialTypes } from './credentialsPage';
import { readDoc } from './page';

const page = readDoc('credentials.md');

it('docs/credentials.md is what “npm run docs” writes', async () => {
	expect(page).toBe(await credentialsPage());
});

it('docs/credentials.md names every field of every credential once in its section or in that of all', async () => {
	const types = await credentialTypes();
	expect(types.length).toBeGreaterThanOrEqual(3);
	const [, shared = ''] = page.split('## All of them\n');
	for (const { displayName, properties } of types) {
		const [own = ''] = (page.split(`## ${displayName}\n`)[1] ?? '').split('\n## ');
		const fields = properties.filter(({ type }) => !['notice', 'hidden'].includes(type));
		for (const label of new Set(fields.map((field) => field.displayName))) {
			const rows = (own + shared).split('\n').filter((row) => /^\| \*{2,3}/.test(row));
			const named = rows.filter((row) => row.includes(`**${label}**`));
			expect({ displayName, label, rows: named.length }).toEqual({ displayName, label, rows: 1 });
		}
	}
});
