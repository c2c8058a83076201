import { expiresInOf, publicEndpoint } from '../../../../nodes/parameters/link';
import { failureOf } from '../../failureOf';
import { sourceOf } from './sourceOf';

it('a link lives for an hour unless something else is entered', () => {
	expect(expiresInOf(sourceOf({}))).toBe(3600);
	expect(expiresInOf(sourceOf({ expiresIn: '60' }))).toBe(60);
});

it.each([0, 604_801, 1.5, 'an hour'])(
	'a link that is to live for %p seconds is refused',
	(life) => {
		expect(failureOf(() => expiresInOf(sourceOf({ expiresIn: life }))).kind).toBe('invalid');
	},
);

it('a public endpoint is read without the spaces around it', () => {
	const source = sourceOf({ 'options.publicEndpoint': ' https://files.example.com ' });
	expect(publicEndpoint.read(source)).toEqual({ publicEndpoint: 'https://files.example.com' });
});

it('an expression of a public endpoint that gives nothing makes no link to the server of the credential', () => {
	const entered = { 'options.publicEndpoint': '={{ $vars.files }}' };
	expect(failureOf(() => publicEndpoint.read(sourceOf({}, 'UTC', entered))).message).toContain(
		'gave nothing for this item: "{{ $vars.files }}"',
	);
});
