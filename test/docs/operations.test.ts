/** docs/operations.md says what operations declare. */
import { resources } from '../../nodes/AmazonS3/resources';
import type { Registry } from '../../nodes/run/operation';
import { operationsPage } from './operationsPage';
import { readDoc } from './page';
import { capitalized, sentence } from './sentence';

const page = readDoc('operations.md');

it('docs/operations.md is what “npm run docs” writes', () => {
	expect(page).toBe(operationsPage());
});

it('docs/operations.md names every field and option of every operation', () => {
	for (const [resource, registry] of Object.entries<Registry>(resources)) {
		const kind = capitalized(resource);
		for (const { option, fields } of Object.values(registry)) {
			const [, after = ''] = page.split(`## ${kind}: ${option.name}\n`);
			const labels = fields
				.flatMap((field) => (field.name === 'options' ? (field.options ?? []) : [field]))
				.map((field) => ('displayName' in field ? field.displayName : field.name));
			expect(labels.filter((label) => !after.includes(`**${label}**`))).toEqual([]);
		}
	}
});

it('a text becomes a sentence by a period, unless it has an end', () => {
	expect(['Text', 'Text.', 'Text …', ''].map(sentence)).toEqual(['Text.', 'Text.', 'Text …', '']);
});
