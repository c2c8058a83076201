import { fieldsOf, filledText, parseObject } from '../../../s3/jsonFields';

it.each(['', '{', 'null', '1', '"text"'])('%j is no object in JSON', (text) => {
	expect(parseObject(text)).toBeUndefined();
});

it('an object in JSON is given with its fields', () => {
	expect(parseObject('{"a":1}')).toEqual({ a: 1 });
});

it.each([undefined, null, 'text', 1, ['a']])('%j has no fields', (value) => {
	expect(fieldsOf(value)).toEqual({});
});

it.each([
	['text', 'text'],
	['', undefined],
	[1, undefined],
	[undefined, undefined],
])('of %j the text is %j', (value, text) => {
	expect(filledText(value)).toBe(text);
});
