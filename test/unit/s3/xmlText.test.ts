import { decodeEntities } from '../../../s3/xmlText';

it.each([
	['plain text', 'a b', 'a b'],
	['the five predefined entities', '&amp;&apos;&gt;&lt;&quot;', '&\'><"'],
	['references by number', '&#65;&#x42;&#x1f600;&#X43;', 'AB😀C'],
	['an entity that is written as text', '&amp;amp;', '&amp;'],
	['entities that nobody has defined', '&nbsp;&a', '&nbsp;&a'],
	[
		'references to no character',
		'&#x110000;&#99999999999;&#;&#xg;',
		'&#x110000;&#99999999999;&#;&#xg;',
	],
])('decoding entities gives the characters of %s', (_, text, decoded) => {
	expect(decodeEntities(text)).toBe(decoded);
});
