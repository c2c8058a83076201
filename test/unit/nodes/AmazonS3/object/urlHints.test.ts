import { urlHints } from '../../../../../nodes/AmazonS3/object/urlHints';

const page = { contentType: 'text/html; charset=utf-8', mayBeCutShort: false };

it.each([
	['report.pdf', 'https://example.com/', true],
	['REPORT.PDF', 'https://example.com/page.html', true],
	['report', 'https://example.com/report.csv?x=1', true],
	['page.htm', 'https://example.com/report.pdf', false],
	['report', 'https://example.com/?file=report.pdf', false],
	['report.php', 'https://example.com/report.php', false],
])('of a page as “%s” from %s is said that it is no such file: %s', (key, url, isSaid) => {
	const hints = urlHints(key, url, page);
	expect(hints.some((hint) => hint.includes(`“${key}” is a web page`))).toBe(isSaid);
});

it('nothing is said of a file, nor of one whose type nobody knows', () => {
	for (const contentType of ['application/pdf', 'text/plain', undefined]) {
		const file = { contentType, mayBeCutShort: false };
		expect(urlHints('report.pdf', 'https://example.com/', file)).toEqual([]);
	}
});

it('a page that may be cut short is told of both', () => {
	const hints = urlHints('a.pdf', 'https://example.com/', { ...page, mayBeCutShort: true });
	expect(hints).toHaveLength(2);
});
