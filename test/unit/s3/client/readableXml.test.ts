import { isReadableXml } from '../../../../s3/client/readableXml';

const isRead = (text: string, isError = false): boolean =>
	isReadableXml(Buffer.from(text), isError);

it.each([
	['document types', '<!DOCTYPE a>', 2],
	['tags', '<a/>', 130_000],
	['ends of tags', '>', 130_001],
	['line ends', '\r', 200_001],
	['references', '&#65;', 200_001],
	['attributes', 'a="x" ', 5001],
	['attributes with apostrophes', "a='x' ", 5001],
])('a body of nothing but %s is not read', (_, unit, count) => {
	expect(isRead(`<Error ${unit.repeat(count)}><Code></Code></Error>`)).toBe(false);
});

it('what servers send is read, also twenty thousand buckets at once', () => {
	const bucket =
		'<Bucket xmlns:a="b"><Name>a&quot;b="c"</Name><CreationDate>2026-01-31T00:00:00.000Z</CreationDate></Bucket>';
	const names =
		'<Bucket><Name>a</Name><CreationDate>2026-01-31T00:00:00.000Z</CreationDate></Bucket>';
	expect(isRead(`<!DOCTYPE a><ListAllMyBucketsResult>${bucket.repeat(1000)}`)).toBe(true);
	expect(isRead(`<ListAllMyBucketsResult>${names.repeat(20_000)}`)).toBe(true);
	expect(isRead('')).toBe(true);
});

it('a success has no value of more than 64 KiB, and an error may', () => {
	const valueOf = (bytes: number) => `<Result><Key>${'a'.repeat(bytes)}</Key></Result>`;
	expect(isRead(valueOf(60_000))).toBe(true);
	expect(isRead(valueOf(70_000))).toBe(false);
	expect(isRead(valueOf(70_000), true)).toBe(true);
});

it('an error has far fewer elements than a list', () => {
	expect(isRead(`<Error>${'<a>b</a>'.repeat(500)}</Error>`, true)).toBe(true);
	expect(isRead(`<Error>${'<a>b</a>'.repeat(1100)}</Error>`, true)).toBe(false);
	expect(isRead(`<Error>${'<a>b</a>'.repeat(1100)}</Error>`)).toBe(true);
});

it.each([
	'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>A</Code>TEXT</Error>',
	'<Error xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\r\n\t<Code>TEXT</Code></Error>',
	' \n<!-- a --><?a b?><!DOCTYPE Error>\n<s3:Error >\n<Code>TEXT</Code></s3:Error>',
	'{"message":"<TEXT"}',
	'no <Error>TEXT</Error>',
	'TEXT',
])('however long its texts are, the SDK reads what begins as %s', (text) => {
	expect(isRead(text.replace('TEXT', 'x'.repeat(2000)))).toBe(true);
});

it.each([
	'<Error>TEXT</Error>',
	'<?xml version="1.0"?>\n<Error>TEXT.<Code>A</Code></Error>',
	'<Error><!-- <a> -->TEXT</Error>',
	'<Error><![CDATA[<a>]]>TEXT</Error>',
	'<Error><?a?><b></b>TEXT</Error>',
	'<!-- <Error><a> --><Error>TEXT</Error>',
	'<?a ><Error><a> ?><Error>TEXT</Error>',
	'<!DOCTYPE a [ ><Error><a> ]><Error>TEXT</Error>',
	'<!DOCTYPE a ]><Error><a>[ ><Error>TEXT</Error>',
	'<Error <b>TEXT</Error>',
])('a root that may have a long text in place of elements is not read: %s', (text) => {
	for (const filler of ['x', ' ', '\n']) {
		expect(isRead(text.replace('TEXT', filler.repeat(2000)))).toBe(false);
	}
	expect(isRead(text)).toBe(true);
});

it.each([' ', '<!---->', '<!--', '<?a?>', '<?', '<!doctype a>', '<a ', '<'])(
	'a long body of nothing but “%s” is looked at without an error',
	(unit) => {
		expect(() => isRead(unit.repeat(8_000_000 / unit.length))).not.toThrow();
	},
);
