import { utf8Header } from '../../../../s3/headers/utf8Header';

/** A text as Node gives the header that has it in UTF-8. */
const received = (text: string) => Buffer.from(text).toString('latin1');

it.each(['plain', '', 'Miniö', '東京.pdf', '😀', '\ufeffa'])(
	'the text “%s” of a header in UTF-8 is read',
	(text) => {
		expect(utf8Header(received(text))).toBe(text);
	},
);

it.each(['Mini\xf6', '\xc3', 'Ã¶ and 東'])('the text “%s” that is not UTF-8 is left', (text) => {
	expect(utf8Header(text)).toBe(text);
});

it('a header that is missing has no text', () => {
	expect(utf8Header(undefined)).toBeUndefined();
});
