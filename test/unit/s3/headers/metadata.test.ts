import { decodeMetadata, encodeMetadata } from '../../../../s3/headers/metadata';
import { failureOf } from '../../failureOf';

const encode = (value: string) => encodeMetadata({ name: value })?.name;
const decode = (value: string) => decodeMetadata({ name: value }).name;

const VALUES = [
	'plain',
	'café',
	' spaces at the ends ',
	'😀',
	'=?UTF-8?B?eA==?=',
	'an encoded word in it: =?UTF-8?B?eA==?=',
	'=?ISO-8859-1?Q?caf=E9?=',
	'a question? =?',
	'half of a word =?UTF-8?B?',
	'a?= =?b',
	'a\nb',
	'',
];

describe('encodeMetadata', () => {
	it.each(VALUES)('encodeMetadata makes of %j what HTTP passes on unchanged', (value) => {
		const sent = encode(value);
		expect(sent).toMatch(/^[\x20-\x7e]*$/);
		// Spaces at the ends do not belong to the value of a header.
		expect(sent?.trim()).toBe(sent);
	});

	it.each(VALUES)('encodeMetadata makes of %j what decodeMetadata undoes', (value) => {
		expect(decode(encode(value) ?? 'nothing')).toBe(value);
	});

	it.each([
		['Project', 'project'],
		['a', 'x-amz-meta-A'],
	])('encodeMetadata refuses the names %s and %s together, as they are the same for S3', (a, b) => {
		const failure = failureOf(() => encodeMetadata({ [a]: '1', other: '2', [b]: '3' }));
		expect([failure.kind, failure.message]).toEqual([
			'invalid',
			`The metadata names “${a}” and “${b}” are the same for S3`,
		]);
	});

	it('encodeMetadata leaves values as they are that a header can carry', () => {
		expect(encode('https://example.com/?a=?b&c="d"')).toBe('https://example.com/?a=?b&c="d"');
	});

	it('encodeMetadata encodes words that S3 or a client would decode, of any charset', () => {
		expect(encode('x =?ISO-8859-1?Q?caf=E9?=')).toMatch(/^=\?UTF-8\?B\?/);
	});

	it('encodeMetadata takes names with and without the prefix of the header', () => {
		expect(encodeMetadata({ 'X-Amz-Meta-One': '1', Two: '2' })).toEqual({ one: '1', two: '2' });
	});

	it('encodeMetadata keeps names that mean something to JavaScript', () => {
		const odd = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>;
		expect(Object.entries(encodeMetadata(odd) ?? {})).toEqual([
			['__proto__', 'a'],
			['constructor', 'b'],
		]);
	});

	it.each(['a b', 'ä', '', 'a:b', 'x-amz-meta-'])(
		'encodeMetadata refuses the name %j, which no header can have',
		(name) => {
			const failure = failureOf(() => encodeMetadata({ [name]: 'value' }));
			expect(failure.kind).toBe('invalid');
			expect(failure.message).toBe(`“${name}” cannot be the name of a metadata entry`);
		},
	);

	it('encodeMetadata gives nothing without metadata', () => {
		expect(encodeMetadata(undefined)).toBeUndefined();
	});
});

describe('decodeMetadata', () => {
	it.each([
		['=?UTF-8?Q?caf=C3=A9_noir?=', 'café noir'],
		['=?utf-8?b?w6Q=?=', 'ä'],
		['=?UTF-8?B?w6Q=?= =?UTF-8?B?w7Y=?=', 'äö'],
		['before =?UTF-8?B?w6Q=?= and after', 'before ä and after'],
	])('decodeMetadata reads %j, as other clients and S3 write it', (value, text) => {
		expect(decode(value)).toBe(text);
	});

	it.each(['=?ISO-8859-1?Q?caf=E9?=', 'a?= =?b', 'plain'])(
		'decodeMetadata leaves %j as it is',
		(value) => {
			expect(decode(value)).toBe(value);
		},
	);

	it('decodeMetadata reads the UTF-8 that other tools have stored as it is', () => {
		expect(decode('Mini\xc3\xb6')).toBe('Miniö');
		expect(decode('Mini\xf6')).toBe('Mini\xf6');
	});

	it('decodeMetadata is empty without metadata', () => {
		expect(decodeMetadata(undefined)).toEqual({});
	});
});
