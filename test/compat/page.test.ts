import { readDoc } from '../docs/page';
import { PACKAGES } from './packages';
import { withServers } from './page';

const page =
	'Before\n\n<!-- npm run test:compat writes from here -->\n\n' +
	'| Server | Version |\n| --- | --- |\n| Some Server | old |\n| Other Server | 2.0 |\n\n' +
	'<!-- to here -->\n\nAfter\n';

it('the page has a new row for each server that was tried, and keeps the others', () => {
	const subjects = new Map([
		['put', { passed: 2, all: 2 }],
		['tags', { passed: 0, all: 1 }],
	]);
	const server = {
		name: 'Some Server',
		version: '1.0',
		lacks: ['attributes' as const],
		faults: { a: 'has no tags', b: 'has no tags' },
	};
	const written = withServers(page, [{ server, day: '2026-11-29', subjects, surprises: [] }]);
	expect(written).toContain(
		'| Some Server | 1.0 | 2026-11-29 | put: all 2, tags: 0 of 1 | has no tags; has no attributes of objects |',
	);
	expect(written).toMatch(/^Before\n\n<!--.*-->\n\n\| Server [^]*\n\n<!-- to here -->\n\nAfter\n$/);
	expect(written).not.toContain('old');
	expect(written).toContain('\n| Other Server | 2.0 |\n');
	expect(written.indexOf('Some Server')).toBeLessThan(written.indexOf('Other Server'));
});

it('a page without the marks is an error', () => {
	expect(() => withServers('Before', [])).toThrow('The page has no marks');
});

it.each(PACKAGES)('docs/servers.md has the results of $name $version', ({ name, version }) => {
	expect(readDoc('servers.md')).toContain(`| ${name} | ${version} | 20`);
});
