import { decodedKey, decodeEntities, elementText } from '../../../s3/xmlText';

it.each([
	['plain text', 'a b', 'a b'],
	['the five predefined entities', '&amp;&apos;&gt;&lt;&quot;', '&\'><"'],
	['references by number', '&#65;&#x42;&#x1f600;&#X43;', 'AB😀C'],
	['an entity that is written as text', '&amp;amp;', '&amp;'],
	['entities that nobody has defined', '&nbsp;&a', '&nbsp;&a'],
	['entities named as a member of Object', '&constructor;', '&constructor;'],
	[
		'references to no character',
		'&#x110000;&#99999999999;&#;&#xg;',
		'&#x110000;&#99999999999;&#;&#xg;',
	],
])('decoding entities gives the characters of %s', (_, text, decoded) => {
	expect(decodeEntities(text)).toBe(decoded);
});

it.each(['&', '&a', '&#', '&#1', '&#x', '&#xf', '<Code>', '<Code>a', '</Code>', '<'])(
	'200,000 times %j is read in linear time',
	(part) => {
		const text = part.repeat(200_000);
		const start = performance.now();
		expect(decodeEntities(text)).toBe(text);
		expect(elementText(text, 'Code')).toBeUndefined();
		expect(performance.now() - start).toBeLessThan(2_000);
	},
);

it('the text of an element is that of the only one of its name', () => {
	const xml = '<Error><Code> Access&amp;Denied\n</Code><Message></Message></Error>';
	expect(elementText(xml, 'Code')).toBe('Access&Denied');
	expect(elementText(xml, 'Message')).toBe('');
	expect(elementText(xml, 'RequestId')).toBeUndefined();
	expect(elementText(`${xml}${xml}`, 'Code')).toBeUndefined();
	expect(elementText('<Code><Nested/></Code>', 'Code')).toBeUndefined();
	expect(elementText('<Code>cut off', 'Code')).toBeUndefined();
});

it('decodedKey reads a plus as a space, and every other character as it was encoded', () => {
	expect(decodedKey('a+b%2Bc%2Fd%C3%BC%0A')).toBe('a b+c/dü\n');
});

it('decodedKey throws for what is not encoded', () => {
	expect(() => decodedKey('100%')).toThrow(URIError);
});
