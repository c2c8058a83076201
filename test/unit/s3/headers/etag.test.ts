import { bareEtag, isMd5, quotedEtag, strongEtag } from '../../../../s3/headers/etag';

it.each([
	['"d41d8cd9"', 'd41d8cd9'],
	['d41d8cd9', 'd41d8cd9'],
	['"9b2cf535-2"', '9b2cf535-2'],
	['W/"d41d8cd9"', 'W/"d41d8cd9"'],
	['""', undefined],
	['', undefined],
	[undefined, undefined],
])('bareEtag of %j is %j', (etag, bare) => {
	expect(bareEtag(etag)).toBe(bare);
});

it.each([
	['"5d41402abc4b2a76b9719d911017c592"', '5d41402abc4b2a76b9719d911017c592'],
	['W/"5d41402abc4b2a76b9719d911017c592"', undefined],
	['""', undefined],
	[undefined, undefined],
])('the ETag %s pins requests as %s', (etag, expected) => {
	expect(strongEtag(etag)).toBe(expected);
});

it('quotedEtag puts an ETag into quotes, and leaves none', () => {
	expect([quotedEtag('9b2cf535-2'), quotedEtag(undefined)]).toEqual(['"9b2cf535-2"', undefined]);
});

it.each([
	['5d41402abc4b2a76b9719d911017c592', true],
	['5d41402abc4b2a76b9719d911017c592-2', false],
	['d41d8cd9', false],
	[undefined, false],
])('the ETag %s may be an MD5: %s', (etag, expected) => {
	expect(isMd5(etag)).toBe(expected);
});
