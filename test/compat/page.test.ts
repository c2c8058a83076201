import { readDoc } from '../docs/page';
import { PACKAGES } from './packages';
import { withServers } from './page';

const page = `Before

<!-- npm run test:compat writes from here -->

| Server | In short | Version | Tests that pass | Tried on |
| --- | --- | --- | --- | --- |
| [Some Server](#some-server) | Once worked. | old | 0 of 3 | 2025-01-01 |
| [Other Server](#other-server) | Works. | 2.0 | 3 of 3 | 2025-01-01 |

## What they do otherwise

### Some Server

- has no puts

### Other Server

- is slow

<!-- to here -->

After
`;

it('the page has a new row and section for each server that was tried, and keeps the others', () => {
	const server = {
		name: 'Some Server',
		version: '1.0',
		lacks: ['attributes' as const],
		faults: {},
		summary: 'Works without tags.',
		consequences: ['Set Tags fails.'],
	};
	const subjects = new Map([
		['put', { passed: 2, all: 2 }],
		['get', { passed: 0, all: 1 }],
		['tags', { passed: 0, all: 1 }],
	]);
	const faults = new Map([['has no tags', new Set(['get', 'tags'])]]);
	const verdict = { server, day: '2026-11-29', subjects, faults, surprises: [] };
	expect(withServers(page, [verdict])).toBe(`Before

<!-- npm run test:compat writes from here -->

| Server | In short | Version | Tests that pass | Tried on |
| --- | --- | --- | --- | --- |
| [Some Server](#some-server) | Works without tags. | 1.0 | 2 of 4 | 2026-11-29 |
| [Other Server](#other-server) | Works. | 2.0 | 3 of 3 | 2025-01-01 |

## What they do otherwise

### Some Server

What to know in workflows:

- Set Tags fails.

What it does otherwise, and in brackets whose tests fail for that:

- has no tags (get, tags)
- has no attributes of objects

Tests that pass: put all 2, get 0 of 1, tags 0 of 1.

### Other Server

- is slow

<!-- to here -->

After
`);
});

it('a page without the marks is an error', () => {
	expect(() => withServers('Before', [])).toThrow('The page has no marks');
});

it.each(PACKAGES)('docs/servers.md has the results of $name $version', (server) => {
	const doc = readDoc('servers.md');
	const { name, version, summary, consequences, faults } = server;
	expect(doc).toContain(`| [${name}](#`);
	expect(doc).toContain(`) | ${summary} | ${version} | `);
	const [section = ''] = doc.split(`### ${name}\n`)[1]?.split(/^#|^<!--/m) ?? [];
	for (const words of [...consequences, ...Object.values(faults)])
		expect(section).toContain(`\n- ${words}`);
});
