import { listingOutput } from '../../../../nodes/parameters/listingOutput';
import { sourceOf } from './sourceOf';

it.each([
	[{}, 'items'],
	[{ output: 'csv' }, 'csv'],
	[{ output: 'array' }, 'array'],
])('listingOutput reads %j as %s', (values, output) => {
	expect(listingOutput('object').read(sourceOf(values))).toBe(output);
});

it('listingOutput refuses what a listing cannot be', () => {
	expect(() => listingOutput('object').read(sourceOf({ output: 'xml' }))).toThrow('Output is');
});

it('listingOutput names what is listed', () => {
	expect(JSON.stringify(listingOutput('version').fields)).toContain('An item for each version');
});
