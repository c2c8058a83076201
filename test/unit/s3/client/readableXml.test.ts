import { isReadableXml } from '../../../../s3/client/readableXml';

const isRead = (text: string): boolean => isReadableXml(Buffer.from(text));

it.each([
	['document types', '<!DOCTYPE a>', 2],
	['tags', '<a/>', 200_000],
	['ends of tags', '>', 200_001],
	['references', '&#65;', 200_001],
	['attributes', 'a="x" ', 5001],
	['attributes with apostrophes', "a='x' ", 5001],
])('a body of nothing but %s is not read', (_, unit, count) => {
	expect(isRead(`<Error ${unit.repeat(count)}></Error>`)).toBe(false);
});

it('what servers send is read, also ten thousand buckets at once', () => {
	const bucket =
		'<Bucket xmlns:a="b"><Name>a&quot;b="c"</Name><CreationDate>2026-01-31T00:00:00.000Z</CreationDate></Bucket>';
	const names =
		'<Bucket><Name>a</Name><CreationDate>2026-01-31T00:00:00.000Z</CreationDate></Bucket>';
	expect(isRead(`<!DOCTYPE a><ListAllMyBucketsResult>${bucket.repeat(1000)}`)).toBe(true);
	expect(isRead(`<ListAllMyBucketsResult>${names.repeat(30_000)}`)).toBe(true);
	expect(isRead('')).toBe(true);
});
