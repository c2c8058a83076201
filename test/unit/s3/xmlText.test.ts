import { elementText, xmlText } from '../../../s3/xmlText';

it.each([
	['plain text', 'plain text'],
	['a &amp; b &lt;c&gt; &quot;d&quot; &apos;e&apos;', `a & b <c> "d" 'e'`],
	['&#65;&#x42;&#X43;&#128512;&#x1f600;', 'ABC😀😀'],
	['&#00000000065;&#x000000000042;', 'AB'],
	['&#x10ffff;', '\u{10ffff}'],
	['&amp;lt;', '&lt;'],
])('%j as text is %j', (data, text) => {
	expect(xmlText(data)).toBe(text);
});

it.each([
	'&#x110000;',
	'&#1114112;',
	`&#${'9'.repeat(400)};`,
	`&#x${'f'.repeat(400)};`,
	'&unknown;',
	'&AMP;',
	'&constructor;',
	'&#;',
	'&#x;',
	'&;',
	'a & b',
	'&amp',
])('%j is no reference that XML knows and stays as it is', (data) => {
	expect(xmlText(data)).toBe(data);
});

it.each(['&', '&a', '&#', '&#1', '&#x', '&#xf', '<Code>', '<Code>a', '</Code>', '<'])(
	'200,000 times %j takes linear time',
	(part) => {
		const data = part.repeat(200_000);
		const start = performance.now();
		expect(xmlText(data)).toBe(data);
		expect(elementText(data, 'Code')).toBeUndefined();
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
