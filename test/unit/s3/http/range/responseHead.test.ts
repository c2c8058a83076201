import { bodyLength, keptAliveMs, readHead } from '../../../../../s3/http/range/responseHead';

const LINE = 'HTTP/1.1 206 Partial Content';
const headOf = (...fields: string[]) => readHead([LINE, ...fields].join('\r\n'));
const withFields = (headers: Record<string, string>) => ({ statusCode: 206, headers });

describe('readHead', () => {
	it('a head is read with its fields, whatever the letter case of their names', () => {
		expect(headOf('Content-Length: 5', 'ETag:"a"', 'x-empty:')).toEqual(
			withFields({ 'content-length': '5', etag: '"a"', 'x-empty': '' }),
		);
	});

	it('fields of one name are joined with a comma', () => {
		expect(headOf('x-a: 1', 'X-A: 2')).toEqual(withFields({ 'x-a': '1, 2' }));
		expect(headOf('constructor: 1')).toEqual(withFields({ constructor: '1' }));
	});

	it('a value has no spaces and tabs around it, but keeps other characters', () => {
		expect(headOf('x-a: \t a b\t ', 'x-b: \u00c3\u00a0')).toEqual(
			withFields({ 'x-a': 'a b', 'x-b': '\u00c3\u00a0' }),
		);
	});

	it.each(['HTTP/1.1 200 OK', 'HTTP/1.1 206', 'HTTP/1.1 503 ', 'HTTP/1.1 404 caf\u00e9\tau lait'])(
		'the status line %j is read',
		(line) => {
			expect(readHead(line)).toEqual({ statusCode: Number(line.slice(9, 12)), headers: {} });
		},
	);

	it.each([
		'HTTP/1.0 206 OK',
		'HTTP/1.1 100 Continue',
		'HTTP/1.1 600 OK',
		'HTTP/1.1 20 OK',
		'HTTP/1.1 206OK',
		'HTTP/1.1 206 a\u0001',
		'SSH-2.0-server',
		'',
	])('the status line %j is not read', (line) => {
		expect(readHead(line)).toBeUndefined();
	});

	it.each([
		'nonsense',
		' x-a: 1',
		'x a: 1',
		'x-a : 1',
		': 1',
		'x-a: \u0000',
		'x-a: 1\n',
		'x-a: \u0100',
	])('a head with the line %j is not read', (line) => {
		expect(headOf('content-length: 5', line)).toBeUndefined();
	});
});

describe('bodyLength', () => {
	it.each([
		['0', 0],
		['300000', 300_000],
		['999999999999999', 999_999_999_999_999],
		['1000000000000000', undefined],
		['+5', undefined],
		['5, 5', undefined],
		['', undefined],
	])('a body with the length %j has %p bytes', (length, bytes) => {
		expect(bodyLength(withFields({ 'content-length': length }))).toBe(bytes);
	});

	it('the length of a body is not known without a field for it, or in chunks', () => {
		expect(bodyLength(withFields({}))).toBeUndefined();
		const fields = { 'content-length': '5', 'transfer-encoding': 'chunked' };
		expect(bodyLength(withFields(fields))).toBeUndefined();
	});
});

describe('keptAliveMs', () => {
	it.each<[number, Record<string, string>]>([
		[Infinity, {}],
		[Infinity, { connection: 'keep-alive' }],
		[Infinity, { connection: 'closed' }],
		[0, { connection: 'Close' }],
		[0, { connection: 'x, close', 'keep-alive': 'timeout=60' }],
		[4000, { 'keep-alive': 'timeout=5' }],
		[59_000, { 'keep-alive': 'max=9, Timeout=60' }],
		[0, { 'keep-alive': 'timeout=0' }],
		[Infinity, { 'keep-alive': 'xtimeout=5' }],
	])('a connection is kept for %p ms by %j', (milliseconds, headers) => {
		expect(keptAliveMs(withFields(headers))).toBe(milliseconds);
	});
});
