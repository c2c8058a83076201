import { effectOf, isDataHeader } from '../../../../credentials/httpRequest/dataRequests';

it('a request is known by its method, its scope and its one subresource', () => {
	expect(effectOf('GET', 'bucket', ['list-type', 'prefix'])).toBe('read');
	expect(effectOf('HEAD', 'object', ['versionId'])).toBe('read');
	expect(effectOf('PUT', 'object', [])).toBe('write');
	expect(effectOf('PUT', 'object', ['partNumber', 'uploadId'])).toBe('write');
	expect(effectOf('POST', 'bucket', ['Delete'])).toBe('write');
	expect(effectOf('PUT', 'object', ['acl'])).toBe('open');
	expect(effectOf('DELETE', 'bucket', ['publicAccessBlock'])).toBe('open');
});

it.each([
	['PUT', 'account', []],
	['POST', 'object', []],
	['PUT', 'bucket', ['replication']],
	['PUT', 'object', ['tagging', 'acl']],
	['GET', 'object', ['torrent']],
	['GET', 'account', ['acl']],
	['PATCH', 'object', []],
] as const)('%s of the %s with %j is no known request for data', (method, scope, parameters) => {
	expect(effectOf(method, scope, parameters)).toBeUndefined();
});

it('headers of S3 data are known, and no others', () => {
	const known = [
		'content-type',
		'x-amz-meta-a b',
		'x-amz-checksum-crc32',
		'x-amz-copy-source-range',
	];
	expect(known.filter(isDataHeader)).toEqual(known);
	const others = ['host', 'x-forwarded-host', 'x-amz-object-ownership', 'x-amz-acl-2', 'x-oss-acl'];
	expect(others.filter(isDataHeader)).toEqual([]);
});
