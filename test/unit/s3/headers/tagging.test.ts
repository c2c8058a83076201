import { taggingHeader, tagSetOf, tagsIn } from '../../../../s3/headers/tagging';
import { failureOf } from '../../failureOf';

const tagsUpTo = (count: number) =>
	Object.fromEntries(Array.from({ length: count }, (_, i) => [`tag${i}`, 'x']));

it('taggingHeader escapes names and values', () => {
	expect(taggingHeader({ 'a b': 'c&d=e+f', ü: '' })).toBe('a%20b=c%26d%3De%2Bf&%C3%BC=');
});

it('taggingHeader is undefined without tags', () => {
	expect(taggingHeader(undefined)).toBeUndefined();
	expect(taggingHeader({})).toBeUndefined();
});

it('taggingHeader keeps tags whose names mean something to JavaScript', () => {
	const odd = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>;
	expect(taggingHeader(odd)).toBe('__proto__=a&constructor=b');
});

it('taggingHeader refuses more than ten tags', () => {
	expect(taggingHeader(tagsUpTo(10))).toContain('tag9=x');
	const failure = failureOf(() => taggingHeader(tagsUpTo(11)));
	expect(failure.kind).toBe('invalid');
	expect(failure.message).toBe('An object can have at most 10 tags, not 11');
});

it.each([{ '\ud83d': 'x' }, { x: 'a\ude00' }])(
	'taggingHeader and tagSetOf refuse half of a character in %j',
	(tags) => {
		for (const written of [taggingHeader, tagSetOf]) {
			const failure = failureOf(() => written(tags));
			expect(failure.kind).toBe('invalid');
			expect(failure.message).toContain('half of a character');
			expect(failure.message).toContain('\ufffd');
		}
	},
);

it('tagsIn reads the list that tagSetOf makes, in its order, and takes what is missing for an empty text', () => {
	const odd = JSON.parse('{"b": "", "__proto__": "a"}') as Record<string, string>;
	expect(tagSetOf(odd)).toEqual([
		{ Key: 'b', Value: '' },
		{ Key: '__proto__', Value: 'a' },
	]);
	expect(Object.entries(tagsIn(tagSetOf(odd)))).toEqual(Object.entries(odd));
	expect(tagsIn([{ Key: 'a', Value: undefined }])).toEqual({ a: '' });
});
