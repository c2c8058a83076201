import { readListing } from '../../../s3/listXml';

const listing = (inner: string) =>
	`<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</ListBucketResult>`;

describe('reading the XML of a listing', () => {
	it('reads objects with all that S3 says of them', () => {
		const { objects } = readListing(
			listing(`
  <Contents>
    <Key>a&amp;b&#x20;&lt;c&#10;</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified>
    <ETag>&quot;abc&quot;</ETag><Size>5368709121</Size>
    <Owner><ID>id</ID><DisplayName>name</DisplayName></Owner>
    <StorageClass>STANDARD</StorageClass>
  </Contents>`),
		);
		expect(objects).toEqual([
			{
				key: 'a&b <c\n',
				size: 5368709121,
				etag: '"abc"',
				lastModified: '2026-01-02T03:04:05.000Z',
				storageClass: 'STANDARD',
				ownerId: 'id',
				ownerName: 'name',
			},
		]);
	});

	it('reads common prefixes, the token and the truncation, and takes no other field for them', () => {
		expect(
			readListing(
				listing(
					'<Prefix>no</Prefix><IsTruncated>true</IsTruncated><EncodingType>url</EncodingType>' +
						'<NextContinuationToken>t/+=</NextContinuationToken><StartAfter>x</StartAfter>' +
						'<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>' +
						'<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>',
				),
			),
		).toEqual({
			objects: [],
			commonPrefixes: ['a/', 'b/'],
			truncated: true,
			nextContinuationToken: 't/+=',
			encodingType: 'url',
		});
	});

	it.each([
		['a namespace prefix', '<s:Contents><s:Key>k</s:Key></s:Contents>', 'k'],
		['attributes', '<Contents a="1" b="2"><Key x="y">k</Key></Contents>', 'k'],
		['CDATA', '<Contents><Key><![CDATA[a<b>&amp;]]></Key></Contents>', 'a<b>&amp;'],
		['comments', '<!-- a > b <Contents> --><Contents><Key>k</Key></Contents>', 'k'],
		[
			'unknown elements within',
			'<Contents><Other><Key>no</Key></Other><Key>k</Key></Contents>',
			'k',
		],
		['an empty element', '<Contents><ETag/><Key>k</Key><StorageClass /></Contents>', 'k'],
		['spaces that belong to the key', '<Contents><Key>  k  </Key></Contents>', '  k  '],
		['an emoji as a number', '<Contents><Key>&#128512;&#x1F600;</Key></Contents>', '😀😀'],
	])('takes %s', (_, inner, key) => {
		const { objects } = readListing(listing(inner));
		expect(objects.map((object) => object.key)).toEqual([key]);
	});

	it.each([
		['an empty text', ''],
		['a page of a web server', '<html><body>hello</body></html>'],
		['a listing cut between elements', listing('<Contents></Contents>').slice(0, -20)],
		['a listing cut within a tag', listing('').slice(0, -1)],
		['a listing cut within CDATA', '<ListBucketResult><![CDATA[abc'],
	])('refuses %s', (_, xml) => {
		expect(() => readListing(xml)).toThrow();
	});
});
