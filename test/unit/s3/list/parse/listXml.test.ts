import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readListing as read } from '../../../../../s3/list/parse/listXml';
import { KINDS, randomFrom } from '../listedKeys';

const readListing = (xml: string) => read(Buffer.from(xml), 'b');

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
				bucket: 'b',
				key: 'a&b <c\n',
				size: 5368709121,
				etag: 'abc',
				lastModified: '2026-01-02T03:04:05.000Z',
				storageClass: 'STANDARD',
				owner: { id: 'id', displayName: 'name' },
			},
		]);
	});

	it('reads common prefixes, the token and the truncation, and takes no other field for them', () => {
		expect(
			readListing(
				listing(
					'<Prefix>no</Prefix><IsTruncated>true</IsTruncated><EncodingType>url</EncodingType>' +
						'<NextContinuationToken>t/+=</NextContinuationToken><StartAfter>x</StartAfter>' +
						'<CommonPrefixes><Prefix>a%2F+%C3%A9/</Prefix></CommonPrefixes>' +
						'<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>',
				),
			),
		).toEqual({
			objects: [],
			commonPrefixes: ['a/ é/', 'b/'],
			truncated: true,
			nextContinuationToken: 't/+=',
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
		['a namespace prefix within', '<Contents><s:Key>k</s:Key></Contents>', 'k'],
		['an empty element', '<Contents><ETag/><Key>k</Key><StorageClass /></Contents>', 'k'],
		['an empty element at the end', '<Contents><Key>k</Key><Abcdefg/></Contents>', 'k'],
		['spaces that belong to the key', '<Contents><Key>  k  </Key></Contents>', '  k  '],
		[
			'characters of several bytes',
			'<Owner>é</Owner><Contents><ETag>e</ETag><Key>grüße/日本/😀</Key></Contents>',
			'grüße/日本/😀',
		],
		['an emoji as a number', '<Contents><Key>&#128512;&#x1F600;</Key></Contents>', '😀😀'],
	])('takes %s', (_, inner, key) => {
		const { objects } = readListing(listing(inner));
		expect(objects.map((object) => object.key)).toEqual([key]);
	});

	describe('of the usual form', () => {
		const fields =
			'<Key>a&amp;b&#xA;%2F</Key><Type>Normal</Type><LastModified>2026-01-02T03:04:05.000Z</LastModified>' +
			'<ETag>&quot;0f-3&quot;</ETag><Size>7</Size><StorageClass>GLACIER</StorageClass>';
		const usual = {
			bucket: 'b',
			key: 'a&b\n%2F',
			size: 7,
			etag: '0f-3',
			lastModified: '2026-01-02T03:04:05.000Z',
			storageClass: 'GLACIER',
		};

		// Each of the others is read in another way than the first.
		it.each([
			['nothing else', `<Contents>${fields}</Contents>`],
			['spaces between', `<Contents>\n\t${fields.replaceAll('><', '> \r\n<')} </Contents>`],
			['a comment', `<Contents>${fields}<!-- > --></Contents>`],
			['an attribute', `<Contents>${fields.replace('<Key>', '<Key a="1">')}</Contents>`],
			['an attribute of the whole', `<Contents a="1">${fields}</Contents>`],
			['namespaces', `<Contents>${fields}</Contents>`.replace(/<(\/?)/g, '<$1s:')],
			['further elements', `<Contents>${fields}<More><Key>no</Key><Size/></More></Contents>`],
			['CDATA', `<Contents>${fields.replace('7', '<![CDATA[7]]>')}</Contents>`],
			['an empty element', `<Contents>${fields}<Owner/></Contents>`],
		])('objects are the same with %s', (_, xml) => {
			const other = '<Contents><Key>z</Key></Contents>';
			const { objects } = readListing(listing(other + xml + xml + other));
			expect(objects.map(({ key }) => key)).toEqual(['z', usual.key, usual.key, 'z']);
			expect(objects[1]).toEqual(usual);
			expect(objects[2]).toEqual(usual);
		});

		it.each(['STANDARD', 'STANDARD_IA', 'STANDARDISED', 'GLACIER_IR', ' STANDARD '])(
			'the storage class is %s',
			(storageClass) => {
				const { objects } = readListing(
					listing(`<Contents><StorageClass>${storageClass}</StorageClass></Contents>`),
				);
				expect(objects[0]?.storageClass).toBe(storageClass.trim());
			},
		);

		it.each([
			['abc', 'abc'],
			['&quot;abc&quot;', 'abc'],
			['&#34;abc&#34;', 'abc'],
			['"abc"', 'abc'],
			['&quot;a&quot;b&quot;', 'a"b'],
			['&quot;a&amp;b&quot;', 'a&b'],
			['&quot;a&apos;', "a'"],
			['"a&amp;b"', 'a&b'],
			['"a"b"', 'a"b'],
			['&quot;a"', 'a'],
			['"a&quot;', 'a'],
			['&quot;&quot;', undefined],
			['""', undefined],
			['"', undefined],
			['', undefined],
		])('an ETag written as %s is %s', (etag, bare) => {
			const { objects } = readListing(listing(`<Contents><ETag>${etag}</ETag></Contents>`));
			expect(objects[0]?.etag).toBe(bare);
		});

		it.each(['<Key>k</Key>', '<Key>k</Key', '<Key>k<', '<Key>k', '<Key', '<', ''])(
			'it is refused when it ends with %s',
			(inner) => {
				expect(() => readListing(`<ListBucketResult><Contents>${inner}`)).toThrow();
			},
		);
	});

	it.each([
		['0', 0],
		['52776558133248', 52776558133248],
		['123456789012345678', 123456789012345680],
		['', 0],
		[' 7 ', 7],
		['1e3', 1000],
	])('a size written as %j is %d bytes', (written, size) => {
		const { objects } = readListing(listing(`<Contents><Size>${written}</Size></Contents>`));
		expect(objects[0]?.size).toBe(size);
	});

	describe('with URL-encoded keys', () => {
		const ENCODED = '<EncodingType>url</EncodingType>';
		const contents = (key: string) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`;
		// What is not of the usual form is read in another way.
		const unusual = (key: string) => `<Contents><Key>${key}</Key><ETag a="1">e</ETag></Contents>`;
		const keysIn = (inner: string) => readListing(listing(inner)).objects.map(({ key }) => key);

		const written: [string, string][] = [
			['plain/key.txt', 'plain/key.txt'],
			['a%2Fb%2fc', 'a/b/c'],
			['a+b%20c%2Bd', 'a b c+d'],
			['%25%2B%26%3c', '%+&<'],
			['gr%C3%BC%C3%9Fe/%e6%97%a5%E6%9C%AC/%F0%9F%98%80', 'grüße/日本/😀'],
			['a%0A%09%00', 'a\n\t\0'],
			['a&amp;b%2F', 'a&b/'],
			['%41', 'A'],
			['', ''],
			['%C3%A9'.repeat(512), 'é'.repeat(512)],
			[`${'%61'.repeat(1024)}b`, `${'a'.repeat(1024)}b`],
			['a'.repeat(4000), 'a'.repeat(4000)],
		];

		it.each(written)('%s is %j', (encoded, key) => {
			const one = contents(encoded);
			const other = unusual(encoded);
			expect(keysIn(ENCODED + one + other + one)).toEqual([key, key, key]);
			expect(keysIn(one + other + one + ENCODED)).toEqual([key, key, key]);
			expect(keysIn(one + ENCODED + one + other)).toEqual([key, key, key]);
			// Beside what is beyond ASCII bytes and characters have other places.
			expect(keysIn(`<Owner>é</Owner>${ENCODED}${one}${other}`)).toEqual([key, key]);
		});

		it.each(['<EncodingType>none</EncodingType>', ''])('others are as written: %s', (type) => {
			const key = 'a%2F+b';
			expect(keysIn(type + contents(key) + unusual(key))).toEqual([key, key]);
		});

		it.each(Object.entries(KINDS))('are the same as they were before: %s', (_, keyOf) => {
			const random = randomFrom(1);
			const keys = Array.from({ length: 300 }, (__, i) => keyOf(random, i));
			const form = (key: string) => encodeURIComponent(key).replaceAll('%20', '+');
			expect(keysIn(ENCODED + keys.map((key) => contents(form(key))).join(''))).toEqual(keys);
		});

		it.each(['%', 'a%4', '%zz', '%1g', '%g1', '%C3', '%FF', 'a%C3%28'])(
			'%j is refused, for it means nothing',
			(key) => {
				for (const xml of [contents(key), unusual(key), contents(key) + contents('41')]) {
					expect(() => keysIn(ENCODED + xml)).toThrow(URIError);
					expect(() => keysIn(xml + ENCODED)).toThrow(URIError);
				}
			},
		);
	});

	it.each([
		['an empty text', ''],
		['a page of a web server', '<html><body>hello</body></html>'],
		['a listing cut between elements', listing('<Contents></Contents>').slice(0, -20)],
		['a listing cut within a tag', listing('').slice(0, -1)],
		['a listing cut within CDATA', '<ListBucketResult><![CDATA[abc'],
		['an element that another one closes', listing('<Contents><Key>a<xKey></Contents>')],
		['a closing tag without an end', listing('<Contents><Key>a</Keyx<Size>1</Size></Contents>')],
	])('refuses %s', (_, xml) => {
		expect(() => readListing(xml)).toThrow();
	});
});

describe('memory', () => {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	setFlagsFromString('--no-expose-gc');

	/** Bytes that a value keeps in memory: the median, for what other tests left may go at any time. */
	function heldBy(make: () => unknown): number {
		const held = Array.from({ length: 5 }, () => heldOnce(make)).sort((a, b) => a - b);
		return held[2] ?? NaN;
	}

	function heldOnce(make: () => unknown): number {
		collectGarbage();
		const before = process.memoryUsage().heapUsed;
		const value = make();
		collectGarbage();
		const held = process.memoryUsage().heapUsed - before;
		// Used, so that it is still there.
		return value === undefined ? NaN : held;
	}

	/** A page as S3 writes it, with what nobody reads of it. */
	const pageOf = (page: number): Buffer => {
		const objects = Array.from({ length: 1000 }, (_, i) => {
			const hash = String(page * 1000 + i).padStart(32, '0');
			return `<Contents><Key>data/${hash}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;${hash}&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>${i}</Size><StorageClass>GLACIER_IR</StorageClass></Contents>`;
		});
		return Buffer.from(listing(objects.join('')));
	};
	const objectsOf = (pages: Buffer[]) => pages.flatMap((page) => read(page, 'b').objects);

	it('objects keep nothing of the page that they were read from', () => {
		const pages = Array.from({ length: 20 }, (_, page) => pageOf(page));
		// Both ways once, so that nothing is measured that is made only the first time.
		let copied = JSON.stringify(objectsOf(pages));
		JSON.parse(copied);
		const read = heldBy(() => objectsOf(pages));
		copied = JSON.stringify(objectsOf(pages));
		const alone = heldBy(() => JSON.parse(copied) as unknown);
		expect(read).toBeLessThan(1.2 * alone);
	});
});
