import {
	attachment,
	carriedDisposition,
	fileNameIn,
	inline,
	plainName,
	plainParts,
} from '../../../../s3/headers/contentDisposition';
import { failureOf } from '../../failureOf';

it.each([
	['invoice.pdf', 'invoice.pdf', 'invoice.pdf'],
	['März 2026.pdf', 'M_rz 2026.pdf', 'M%C3%A4rz%202026.pdf'],
	['日本.txt', '__.txt', '%E6%97%A5%E6%9C%AC.txt'],
	['😀.txt', '_.txt', '%F0%9F%98%80.txt'],
	['a"b\\c.txt', 'a_b_c.txt', 'a%22b%5Cc.txt'],
	['../../etc/passwd', '.._.._etc_passwd', '..%2F..%2Fetc%2Fpasswd'],
	["it's (1)*.txt", "it's (1)*.txt", 'it%27s%20%281%29%2A.txt'],
	['100%25.txt', '100_25.txt', '100%2525.txt'],
])('the file name %p is sent in ASCII as %p and encoded as %p', (name, plain, encoded) => {
	expect(attachment(name)).toBe(`attachment; filename="${plain}"; filename*=UTF-8''${encoded}`);
});

it('line breaks, characters that turn text around and halves of characters are left out of a file name', () => {
	expect(attachment(' a\r\nb\u0000\u202Egpj.exe\uD800 ')).toBe(attachment('abgpj.exe'));
});

it('a file name of which nothing is visible is refused', () => {
	expect(failureOf(() => attachment(' \r\n\u202E'))).toMatchObject({ kind: 'invalid' });
});

it('a file that is to be shown has its name, too', () => {
	expect(inline('a"b.txt')).toBe(`inline; filename="a_b.txt"; filename*=UTF-8''a%22b.txt`);
});

/** As Node gives what a server has sent in UTF-8. */
const bytes = (text: string): string => Buffer.from(text).toString('latin1');

it.each([
	['attachment; filename=a.pdf', 'a.pdf'],
	['attachment; FILENAME = "a b; c.pdf" ; size=1', 'a b; c.pdf'],
	['attachment; filename=Annual Report 2026.pdf ; size=1', 'Annual Report 2026.pdf'],
	['attachment; filename="a\\"b\\\\c.pdf"', 'c.pdf'],
	["attachment; filename=no.pdf; filename*=UTF-8''%e2%82%ac%20rates.pdf", '€ rates.pdf'],
	["attachment; filename*=UTF-8'en'%E2%82%AC.pdf; filename=no.pdf", '€.pdf'],
	["attachment; filename*=iso-8859-1''caf%E9.pdf", 'café.pdf'],
	["attachment; filename*=UTF-8''%FF; filename=plain.pdf", 'plain.pdf'],
	["attachment; filename*=nonsense''a; filename=plain.pdf", 'plain.pdf'],
	[bytes('attachment; filename="Rechnung März.pdf"'), 'Rechnung März.pdf'],
	['attachment; filename="caf\u00e9.pdf"', 'café.pdf'],
	['attachment; filename="%E6%97%A5%E6%9C%AC%20%E8%AA%9E.pdf"', '日本 語.pdf'],
	['attachment; filename="100%25%20sure%2Fa.txt"', '100%25%20sure%2Fa.txt'],
	['attachment; filename="%E6%97.pdf"', '%E6%97.pdf'],
	[bytes('attachment; filename="März%20%C3%A4.pdf"'), 'März%20%C3%A4.pdf'],
	['attachment; filename="..%2f%C3%A4%2F..%2Fb%00.txt"', 'b.txt'],
	['inline;filename=a.pdf', 'a.pdf'],
	['attachment; filename="../../etc/passwd"', 'passwd'],
	['attachment; filename="C:\\\\temp\\\\a.pdf"', 'a.pdf'],
	["attachment; filename*=UTF-8''a%0D%0Ab%E2%80%AEfdp.exe", 'abfdp.exe'],
	['attachment; filename=""', undefined],
	['attachment; filename=".."', undefined],
	['attachment', undefined],
	[undefined, undefined],
])('the header %p names the file %p', (header, name) => {
	expect(fileNameIn(header)).toBe(name);
});

it.each([
	['a/b\\c.txt', 'c.txt'],
	['folder/', 'folder'],
	[' a .txt ', 'a .txt'],
	['a/..', 'a'],
	['./', undefined],
	['', undefined],
])('the path %p has the name %p', (path, name) => {
	expect(plainName(path)).toBe(name);
});

it.each([
	['a/b\\c.txt', ['a', 'b', 'c.txt']],
	['/./a//../ b\u200b /', ['a', '..', 'b']],
	['', []],
])('the path %p has the parts %j', (path, parts) => {
	expect(plainParts(path)).toEqual(parts);
});

it.each([
	[undefined, undefined],
	['attachment; filename="a b.txt"', 'attachment; filename="a b.txt"'],
	[
		'inline; filename="Miniö 丁.txt"',
		`inline; filename="Mini_ _.txt"; filename*=UTF-8''Mini%C3%B6%20%E4%B8%81.txt`,
	],
	[
		'attachment; filename=Grüße.txt',
		`attachment; filename="Gr__e.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt`,
	],
	['attachment; title="ö"', 'attachment'],
])('the stored header %s is sent on as %s', (stored, sent) => {
	expect(carriedDisposition(stored)).toBe(sent);
});
