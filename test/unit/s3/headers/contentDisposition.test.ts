import { attachment } from '../../../../s3/headers/contentDisposition';
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
