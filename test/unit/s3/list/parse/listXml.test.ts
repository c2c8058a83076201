import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readListing as read } from '../../../../../s3/list/parse/listXml';
import { KINDS, randomFrom } from '../listedKeys';

const readListing = (xml: string) => read(Buffer.from(xml), 'b');

const listing = (inner: string) =>
	`<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</ListBucketResult>`;

describe('readListing', () => {
	it('readListing reads objects with all that S3 says of them', () => {
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

	it.each([
		[
			'that goes on',
			'<IsRestoreInProgress>true</IsRestoreInProgress>',
			{ state: 'inProgress', expiresAt: undefined },
		],
		[
			'that goes on, in capitals as S3’s documentation has it',
			'<IsRestoreInProgress> TRUE </IsRestoreInProgress>',
			{ state: 'inProgress', expiresAt: undefined },
		],
		[
			'that ended',
			'<IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2026-12-21T00:00:00.000Z</RestoreExpiryDate>',
			{ state: 'restored', expiresAt: '2026-12-21T00:00:00.000Z' },
		],
		['of which nothing is said', '', undefined],
	])('readListing reads the state of a restore %s', (_, inner, restoreStatus) => {
		const object = (status: string) =>
			`<Contents><Key>k</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>"e"</ETag><Size>1</Size>${status}<StorageClass>GLACIER</StorageClass></Contents>`;
		const { objects } = readListing(
			listing(object(`<RestoreStatus>${inner}</RestoreStatus>`) + object('')),
		);
		expect(objects.map((one) => one.restoreStatus)).toEqual([restoreStatus, undefined]);
		expect(objects[0]).toMatchObject({ key: 'k', size: 1, storageClass: 'GLACIER' });
	});

	it('readListing reads common prefixes, the token and the truncation, and takes no other field for them', () => {
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
		['attributes', '<Contents a="1" b="2"><Key x="y:z">k</Key></Contents>', 'k'],
		['a line break in a tag', '<Contents\n><Key\t>k</Key\n></Contents >', 'k'],
		['CDATA', '<Contents><Key><![CDATA[a<b>&amp;]]></Key></Contents>', 'a<b>&amp;'],
		['CDATA amid text', '<Contents><Key>a&amp;<![CDATA[<é]]>c</Key></Contents>', 'a&<éc'],
		['comments', '<!-- a > b <Contents> --><Contents><Key>k</Key></Contents>', 'k'],
		[
			'unknown elements in an object',
			'<Contents><Other><Key>no</Key></Other><Key>k</Key></Contents>',
			'k',
		],
		['a namespace prefix in an object', '<Contents><s:Key>k</s:Key></Contents>', 'k'],
		['an empty element', '<Contents><ETag/><Key>k</Key><StorageClass /></Contents>', 'k'],
		['an empty element at the end', '<Contents><Key>k</Key><Abcdefg/></Contents>', 'k'],
		['spaces that belong to the key', '<Contents><Key>  k  </Key></Contents>', '  k  '],
		[
			'characters of several bytes',
			'<Owner>é</Owner><Contents><ETag>e</ETag><Key>grüße/日本/😀</Key></Contents>',
			'grüße/日本/😀',
		],
		['an emoji as a number', '<Contents><Key>&#128512;&#x1F600;</Key></Contents>', '😀😀'],
	])('readListing reads a listing with %s', (_, inner, key) => {
		const { objects } = readListing(listing(inner));
		expect(objects.map((object) => object.key)).toEqual([key]);
	});

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

	it.each([
		['nothing else', `<Contents>${fields}</Contents>`],
		['spaces between', `<Contents>\n\t${fields.replaceAll('><', '> \r\n<')} </Contents>`],
		['a comment', `<Contents>${fields}<!-- > --></Contents>`],
		['an attribute', `<Contents>${fields.replace('<Key>', '<Key a="1">')}</Contents>`],
		['an attribute of the object', `<Contents a="1">${fields}</Contents>`],
		['namespaces', `<Contents>${fields}</Contents>`.replace(/<(\/?)/g, '<$1s:')],
		['further elements', `<Contents>${fields}<More><Key>no</Key><Size/></More></Contents>`],
		['CDATA', `<Contents>${fields.replace('7', '<![CDATA[7]]>')}</Contents>`],
		['an empty element', `<Contents>${fields}<Owner/></Contents>`],
	])('readListing reads the same fields of an object with %s', (_, xml) => {
		const other = '<Contents><Key>z</Key></Contents>';
		const { objects } = readListing(listing(other + xml + xml + other));
		expect(objects.map(({ key }) => key)).toEqual(['z', usual.key, usual.key, 'z']);
		expect(objects[1]).toEqual(usual);
		expect(objects[2]).toEqual(usual);
	});

	it.each(['STANDARD', 'STANDARD_IA', 'STANDARDISED', 'GLACIER_IR', ' STANDARD '])(
		'readListing reads the storage class “%s”',
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
	])('readListing reads an ETag written as “%s” as %s', (etag, bare) => {
		const { objects } = readListing(listing(`<Contents><ETag>${etag}</ETag></Contents>`));
		expect(objects[0]?.etag).toBe(bare);
	});

	it.each([
		['0', 0],
		['52776558133248', 52776558133248],
		['123456789012345678', 123456789012345680],
		['', 0],
		[' 7 ', 7],
		['1e3', 1000],
	])('readListing reads a size written as %j as %d bytes', (written, size) => {
		const { objects } = readListing(listing(`<Contents><Size>${written}</Size></Contents>`));
		expect(objects[0]?.size).toBe(size);
	});

	it.each(['x', '-1', '1e999', '12 MB', 'NaN'])(
		'readListing refuses a size written as %s, which filters would not heed',
		(written) => {
			const xml = listing(`<Contents><Key>k</Key><Size>${written}</Size></Contents>`);
			expect(() => readListing(xml)).toThrow('a size that is none');
		},
	);

	it.each(['<Key>k</Key>', '<Key>k</Key', '<Key>k<', '<Key>k', '<Key', '<', ''])(
		'readListing refuses a listing that ends with “%s” in an object',
		(inner) => {
			expect(() => readListing(`<ListBucketResult><Contents>${inner}`)).toThrow();
		},
	);

	it.each([
		['an empty text', ''],
		['a page of a web server', '<html><body>hello</body></html>'],
		['a listing cut between elements', listing('<Contents></Contents>').slice(0, -20)],
		['a listing cut in a tag', listing('').slice(0, -1)],
		['a listing cut in a comment', '<ListBucketResult><!-- abc'],
		['a listing cut in CDATA', '<ListBucketResult><![CDATA[abc'],
		['an element that another one closes', listing('<Contents><Key>a<xKey></Contents>')],
		['a closing tag without an end', listing('<Contents><Key>a</Keyx<Size>1</Size></Contents>')],
		['a tag that closes nothing', `${listing('')}</ListBucketResult>`],
	])('readListing refuses %s', (_, xml) => {
		expect(() => readListing(xml)).toThrow();
	});
});

describe('readListing of what would keep n8n from other work', () => {
	const MiB = 1024 * 1024;
	const times = (unit: string) => unit.repeat((15 * MiB) / unit.length);

	it.each([
		['empty objects', times('<Contents></Contents>'), 'more elements'],
		['elements that it does not know', times('<a/>'), 'more elements'],
		['common prefixes', times('<CommonPrefixes><Prefix>a</Prefix></CommonPrefixes>'), 'more elem'],
		['empty sections of CDATA', `<Contents><Key>${times('<![CDATA[]]>')}`, 'more elements'],
		['elements in elements', times('<a>'), 'nested deeper'],
		[
			'entities',
			times(`<Contents><Key>${'&amp;'.repeat(250)}</Key></Contents>`),
			'more character references',
		],
		['text', `<Contents><Key>${times('a')}</Key>`, 'longer text'],
		['a key in many pieces', `<Contents><Key>${times('<![CDATA[a]]>&#97;')}</Key>`, 'longer text'],
	])('readListing refuses 15 MiB of %s', (_, inner, words) => {
		expect(() => readListing(listing(inner))).toThrow(words);
	});

	it('readListing reads a thousand keys of 1,024 bytes, each of them written as a reference', () => {
		const key = '&#x10;'.repeat(1024);
		const { objects } = readListing(listing(`<Contents><Key>${key}</Key></Contents>`.repeat(1000)));
		expect(objects).toHaveLength(1000);
		expect(objects[999]?.key).toBe('\x10'.repeat(1024));
	});
});

describe('readListing with URL-encoded keys', () => {
	const ENCODED = '<EncodingType>url</EncodingType>';
	const contents = (key: string) =>
		`<Contents><Key>${key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>e</ETag><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>`;
	/** An object that the fast path leaves to the general reader. */
	const unusual = (key: string) => `<Contents><Key a="1">${key}</Key></Contents>`;
	const keysIn = (inner: string) => readListing(listing(inner)).objects.map(({ key }) => key);

	it.each([
		['a plain key', 'plain/key.txt', 'plain/key.txt'],
		['slashes', 'a%2Fb%2fc', 'a/b/c'],
		['spaces and plus signs', 'a+b%20c%2Bd', 'a b c+d'],
		['percent signs and markup', '%25%2B%26%3c', '%+&<'],
		[
			'characters of several bytes',
			'gr%C3%BC%C3%9Fe/%e6%97%a5%E6%9C%AC/%F0%9F%98%80',
			'grüße/日本/😀',
		],
		['control characters', 'a%0A%09%00', 'a\n\t\0'],
		['an entity', 'a&amp;b%2F', 'a&b/'],
		['an encoded letter', '%41', 'A'],
		['an empty key', '', ''],
		['1,024 encoded bytes', '%C3%A9'.repeat(512), 'é'.repeat(512)],
		['more encoded bytes than a key may have', `${'%61'.repeat(1024)}b`, `${'a'.repeat(1024)}b`],
		['more plain bytes than a key may have', 'a'.repeat(4000), 'a'.repeat(4000)],
	])(
		'readListing decodes %s, wherever the listing says that keys are encoded',
		(_, encoded, key) => {
			const one = contents(encoded);
			const other = unusual(encoded);
			expect(keysIn(ENCODED + one + other + one)).toEqual([key, key, key]);
			expect(keysIn(one + other + one + ENCODED)).toEqual([key, key, key]);
			expect(keysIn(one + ENCODED + one + other)).toEqual([key, key, key]);
			// After what is beyond ASCII, bytes and characters have other indexes.
			expect(keysIn(`<Owner>é</Owner>${ENCODED}${one}${other}`)).toEqual([key, key]);
		},
	);

	it.each(['<EncodingType>none</EncodingType>', ''])(
		'readListing takes keys as they are written with “%s” for an encoding',
		(type) => {
			const key = 'a%2F+b';
			expect(keysIn(type + contents(key) + unusual(key))).toEqual([key, key]);
		},
	);

	it.each(Object.entries(KINDS))(
		'readListing gives the keys that were encoded, for %s',
		(_, keyOf) => {
			const random = randomFrom(1);
			const keys = Array.from({ length: 300 }, (__, i) => keyOf(random, i));
			const form = (key: string) => encodeURIComponent(key).replaceAll('%20', '+');
			expect(keysIn(ENCODED + keys.map((key) => contents(form(key))).join(''))).toEqual(keys);
		},
	);

	it.each(['%', 'a%4', '%zz', '%1g', '%g1', '%C3', '%FF', 'a%C3%28'])(
		'readListing refuses “%s”, which encodes nothing',
		(key) => {
			for (const xml of [contents(key), unusual(key), contents(key) + contents('41')]) {
				expect(() => keysIn(ENCODED + xml)).toThrow(URIError);
				expect(() => keysIn(xml + ENCODED)).toThrow(URIError);
			}
		},
	);
});

describe('the memory of a listing', () => {
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
			return `<Contents><Key>data/${hash}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;${hash}&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>${i}</Size><StorageClass>INTELLIGENT_TIERING</StorageClass></Contents>`;
		});
		return Buffer.from(listing(objects.join('')));
	};
	const objectsOf = (pages: Buffer[]) => pages.flatMap((page) => read(page, 'b').objects);

	it('objects that were read from a page keep nothing of it in memory', () => {
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
