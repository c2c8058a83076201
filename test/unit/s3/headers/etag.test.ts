import { bareEtag } from '../../../../s3/headers/etag';

it.each([
	['"d41d8cd9"', 'd41d8cd9'],
	['d41d8cd9', 'd41d8cd9'],
	['"9b2cf535-2"', '9b2cf535-2'],
	['""', undefined],
	['', undefined],
	[undefined, undefined],
])('bareEtag of %j is %j', (etag, bare) => {
	expect(bareEtag(etag)).toBe(bare);
});
