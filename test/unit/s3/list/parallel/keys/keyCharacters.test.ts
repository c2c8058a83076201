import {
	charactersOf,
	likelyCharacters,
	lowerBound,
	union,
} from '../../../../../../s3/list/parallel/keys/keyCharacters';

const units = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
const text = (characters: readonly number[]): string => String.fromCharCode(...characters);

it('charactersOf gives the characters of names at each position, in order and once', () => {
	expect(charactersOf(['a1', 'a12', 'b0', 'b1']).map(text)).toEqual(['ab', '01', '2']);
});

it.each([
	['a digit in a number', '3', ['x35', 'x37'], '0123456789'],
	['lower case hexadecimal digits', '3', ['x3f', 'x37'], '0123456789abcdef'],
	['upper case hexadecimal digits', '3', ['x3F', 'x37'], '0123456789ABCDEF'],
	['letters of a word', 'ab', ['xaz', 'xbc'], 'abcdefghijklmnopqrstuvwxyz'],
	['a separator', '-', ['x-1', 'x-2'], '-'],
	['nothing', '', ['x'], ''],
])('likelyCharacters gives all of the kind of %s', (_, seen, names, likely) => {
	expect(text(likelyCharacters(units(seen), 1, names))).toBe(likely);
});

it('likelyCharacters keeps characters that are of no kind with the others', () => {
	expect(text(likelyCharacters(units('.1'), 1, ['x1', 'x.']))).toBe('.0123456789');
});

it('likelyCharacters gives no surrogates, which are halves of characters', () => {
	const likely = likelyCharacters([0xd7f0], 0, []);
	expect(likely.at(-1)).toBe(0xd7ff);
	expect(likely[0]).toBe(0xd7f0);
});

it('union gives the characters of both, in order', () => {
	expect(text(union(units('bd'), units('acd')))).toBe('abcd');
	expect(text(union(units('bd'), units('b')))).toBe('bd');
});

it.each([
	['a', 0],
	['b', 0],
	['c', 1],
	['d', 1],
	['e', 2],
])('lowerBound of %s in bd is %d', (character, index) => {
	expect(lowerBound(units('bd'), character.charCodeAt(0))).toBe(index);
});
