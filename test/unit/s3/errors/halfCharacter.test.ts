import { adviceOnHalf, hasHalf, withoutHalves } from '../../../../s3/errors/halfCharacter';

it.each([
	['\ud83d', '\ufffd'],
	['a\ude00b', 'a\ufffdb'],
	['\ude00\ud83d', '\ufffd\ufffd'],
])('half of a character is found in %j, and replaced where the text is shown', (text, shown) => {
	expect(hasHalf(text)).toBe(true);
	expect(withoutHalves(text)).toBe(shown);
});

it.each(['', 'a', '😀', 'x😀😀'])('the whole characters of %j stay as they are', (text) => {
	expect(hasHalf(text)).toBe(false);
	expect(withoutHalves(text)).toBe(text);
});

it('the advice on half of a character names what has it', () => {
	expect(adviceOnHalf('tag')).toContain('makes the tag');
});
