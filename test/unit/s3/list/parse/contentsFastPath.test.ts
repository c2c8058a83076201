import { readPlainContents } from '../../../../../s3/list/parse/contentsFastPath';
import { readListing } from '../../../../../s3/list/parse/listXml';
import { keysOf, KINDS, randomFrom } from '../listedKeys';

const DATE = '<LastModified>2026-01-02T03:04:05.000Z</LastModified>';
const ETAG = '<ETag>&quot;0f-3&quot;</ETag>';
const STANDARD = '<StorageClass>STANDARD</StorageClass>';

/** The object that the fast path reads at the beginning of a text. */
function fastObject(xml: string) {
	const bytes = Buffer.from(xml);
	return readPlainContents({ bytes, latin1: bytes.toString('latin1') }, 0, 'b');
}

it.each([
	[
		'AWS',
		`<Contents><Key>k</Key>${DATE}${ETAG}<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>7</Size>${STANDARD}</Contents>`,
	],
	['MinIO', `<Contents><Key>k</Key>${DATE}${ETAG}<Size>7</Size>${STANDARD}</Contents>`],
	[
		'radosgw',
		`<Contents><Key>k</Key>${DATE}${ETAG}<Size>7</Size>${STANDARD}<Type>Normal</Type></Contents>`,
	],
	[
		'servers that do not write quotes as entities',
		`<Contents><Key>k</Key>${DATE}<ETag>"0f-3"</ETag><Size>7</Size>${STANDARD}</Contents>`,
	],
])('the fast path reads an object as it is written by %s', (_, xml) => {
	expect(fastObject(`${xml}<Contents>`)).toEqual({
		object: {
			bucket: 'b',
			key: 'k',
			size: 7,
			etag: '0f-3',
			lastModified: '2026-01-02T03:04:05.000Z',
			storageClass: 'STANDARD',
		},
		end: xml.length,
	});
});

it('the fast path leaves an object that ends in the middle to the general reader', () => {
	const xml = `<Contents><Key>k</Key>${DATE}${ETAG}<Size>7</Size>${STANDARD}</Contents>`;
	for (let length = 0; length < xml.length; length++) {
		expect(fastObject(xml.slice(0, length))).toBeUndefined();
	}
	expect(fastObject(xml)).toBeDefined();
});

describe('the fast path and the general reader', () => {
	type Random = () => number;
	const one = <T>(random: Random, values: readonly [T, ...T[]]): T =>
		values[Math.floor(random() * values.length)] ?? values[0];
	const oftenFirst = (random: Random, values: readonly [string, ...string[]]): string =>
		random() < 0.9 ? values[0] : one(random, values);
	const perhaps = (random: Random, share: number, text: string): string =>
		random() < share ? text : '';

	/** Text between tags, which needs no escaping, as some server might write it. */
	function written(random: Random, text: string): string {
		const escaped = text.replace(/[&<]/g, (sign) => (sign === '&' ? '&amp;' : '&#x3c;'));
		if (random() > 0.03) return escaped;
		return one(random, [
			`<![CDATA[${text}]]>`,
			`${escaped}<!-- > -->`,
			escaped.replace(/./u, toNumber),
		]);
	}
	const toNumber = (character: string): string =>
		character === '&' ? '&' : `&#${String(character.codePointAt(0))};`;

	function element(random: Random, name: string, text: string): string {
		if (text === '' && random() < 0.5) return `<${name}/>`;
		const tag = random() < 0.03 ? one(random, [`s:${name}`, `${name} a="1"`, `${name}\n`]) : name;
		return `<${tag}>${written(random, text)}</${name}>`;
	}

	/** The fields of an object in the order of S3, or in any order. */
	function contentsOf(random: Random, key: string): string {
		const hash = Math.floor(random() * 2 ** 32).toString(16);
		const etag = oftenFirst(random, [`"${hash}"`, hash, `"${hash}-2"`, `"a"b"`, '']);
		const quoted = (xml: string) => (random() < 0.7 ? xml.replaceAll('"', '&quot;') : xml);
		const fields = [
			element(random, 'Key', key),
			element(
				random,
				'LastModified',
				oftenFirst(random, ['2026-01-02T03:04:05.000Z', ' 2026 ', '']),
			),
			quoted(`<ETag>${written(random, etag)}</ETag>`),
			perhaps(random, 0.3, element(random, 'ChecksumAlgorithm', 'CRC64NVME')),
			perhaps(random, 0.1, element(random, 'ChecksumAlgorithm', 'SHA256')),
			perhaps(random, 0.3, element(random, 'ChecksumType', 'FULL_OBJECT')),
			element(random, 'Size', oftenFirst(random, ['17', '0', '5368709121', ' 7 ', '', '1e3'])),
			perhaps(random, 0.1, '<Owner><ID>i&amp;d</ID><DisplayName>é</DisplayName></Owner>'),
			element(random, 'StorageClass', oftenFirst(random, ['STANDARD', 'GLACIER_IR', ' X-1 ', ''])),
			perhaps(random, 0.1, '<Other><Key>no</Key></Other>'),
			perhaps(
				random,
				0.1,
				'<RestoreStatus><IsRestoreInProgress>true</IsRestoreInProgress></RestoreStatus>',
			),
			perhaps(random, 0.1, '<Type>Normal</Type>'),
		].filter((field) => field !== '' && random() > 0.01);
		if (random() < 0.05) fields.sort(() => random() - 0.5);
		return `<Contents>${fields.join(random() < 0.1 ? '\n  ' : '')}</Contents>`;
	}

	/** A listing of random keys; a few are cut off, or have a key that is not encoded as it should be. */
	function listingOf(seed: number): string {
		const random = randomFrom(seed);
		const kind = one(random, Object.keys(KINDS) as [string, ...string[]]);
		const encoded = random() < 0.7;
		const keys = keysOf(kind, 20, random).map((key) => (encoded ? form(random, key) : key));
		const objects = keys.map((key) => contentsOf(random, key));
		const type = encoded ? '<EncodingType>url</EncodingType>' : '';
		const late = random() < 0.5;
		const xml = `<?xml version="1.0"?><ListBucketResult xmlns="x"><Name>é</Name>${late ? '' : type}${objects.join(perhaps(random, 0.2, '\n'))}<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>${late ? type : ''}</ListBucketResult>`;
		return random() < 0.05 ? xml.slice(0, Math.floor(random() * xml.length)) : xml;
	}
	const form = (random: Random, key: string): string =>
		random() < 0.01 ? `${key}%` : encodeURIComponent(key).replaceAll('%20', '+');

	/** What a listing says; the name of the error for one that cannot be read. */
	function readingOf(xml: string): unknown {
		try {
			return readListing(Buffer.from(xml), 'b');
		} catch (error) {
			return error instanceof URIError ? 'URIError' : 'Error';
		}
	}

	it('a generated listing is the same with the fast path and without it', () => {
		const share = { fast: 0, all: 0, refused: 0 };
		for (let seed = 0; seed < 1500; seed++) {
			const xml = listingOf(seed);
			// The fast path knows no tag with a space.
			const general = xml.replaceAll('<Contents>', '<Contents >');
			const reading = readingOf(general);
			expect({ seed, reading: readingOf(xml) }).toEqual({ seed, reading });
			if (typeof reading === 'string') share.refused += 1;
			for (const [object] of xml.matchAll(/<Contents>.*?<\/Contents>/gs)) {
				share.all += 1;
				if (fastObject(object) !== undefined) share.fast += 1;
			}
		}
		// Otherwise this shows less than it seems to.
		expect(share.fast).toBeGreaterThan(5000);
		expect(share.all - share.fast).toBeGreaterThan(5000);
		expect(share.refused).toBeGreaterThan(100);
	});
});

const MANY = 100_000;

it.each<[string, string]>([
	['objects that are never closed', '<Contents>'.repeat(MANY)],
	['keys that are never closed', '<Contents><Key>'.repeat(MANY)],
	['one key without an end', `<Contents><Key>${'a'.repeat(10 * MANY)}`],
	['an object that another tag closes each time', '<Contents></x>'.repeat(MANY)],
	[
		'checksums without an end',
		`<Contents><Key>k</Key>${DATE}${ETAG}${'<ChecksumType>a</a>'.repeat(MANY)}`,
	],
	[
		'the name of an element without an end',
		`<Contents><Key>k</Key>${DATE}${ETAG}<Checksum${'a'.repeat(10 * MANY)}`,
	],
	['ampersands', `<Contents><Key>${'&#x'.repeat(MANY)}${'&a'.repeat(MANY)}${'&'.repeat(MANY)}`],
	['a reference without an end', `<Contents><Key>&#x${'a'.repeat(10 * MANY)}<`],
	['openings of CDATA', '<![CDATA[>'.repeat(MANY)],
	['openings of comments', '<!-->'.repeat(MANY)],
	['spaces in a tag', `<Contents ${' '.repeat(10 * MANY)}><Key${'\n'.repeat(10 * MANY)}`],
	['quotes in an ETag', `<Contents><Key>k</Key>${DATE}<ETag>${'&quot;'.repeat(MANY)}`],
	['plus signs and percent signs', `<EncodingType>url</EncodingType><Key>${'+%'.repeat(MANY)}`],
])('a listing of a hostile server is read or refused in linear time: %s', (_, inner) => {
	// Microseconds of CPU time, which other processes do not add to.
	const begin = process.cpuUsage();
	expect(() => readListing(Buffer.from(`<ListBucketResult>${inner}`), 'b')).toThrow();
	expect(process.cpuUsage(begin).user).toBeLessThan(2e6);
});
