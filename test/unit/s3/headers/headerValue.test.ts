import { headerValue } from '../../../../s3/headers/headerValue';
import { failureOf } from '../../failureOf';

it.each([undefined, '', 'text/plain; charset=utf-8', 'a\tb', '~'])(
	'headerValue passes %j on',
	(value) => {
		expect(headerValue('Content Type', value)).toBe(value);
	},
);

it.each(['a\r\nx-evil: 1', 'a\nb', '\u0000', '\u007f', 'ü', '😀'])(
	'headerValue refuses %j and names the field',
	(value) => {
		const failure = failureOf(() => headerValue('Cache Control', value));
		expect(failure.kind).toBe('invalid');
		expect(failure.message).toBe('“Cache Control” contains a character that a header cannot carry');
	},
);

it('headerValue tells how to write the names of files', () => {
	const { advice } = failureOf(() => headerValue('Content Disposition', 'filename=café.txt'));
	expect(advice).toContain("filename*=UTF-8''caf%C3%A9.txt");
});
