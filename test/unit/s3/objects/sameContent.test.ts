import { haveSameContent, isCopyOf } from '../../../../s3/objects/sameContent';

const crc = (value: string, type: 'FULL_OBJECT' | 'COMPOSITE' = 'FULL_OBJECT') => ({
	algorithm: 'CRC32' as const,
	value,
	type,
});
const md5 = '0123456789abcdef0123456789abcdef';
const object = (more: object = {}) => ({ size: 1, etag: md5, checksum: crc('a'), ...more });

it('objects have the same content if size and checksum of all bytes are the same', () => {
	expect(haveSameContent(object(), object({ etag: 'other' }))).toBe(true);
});

it.each([
	['size', { size: 2 }],
	['checksum', { checksum: crc('b') }],
])('objects of another %s have different content', (_, other) => {
	expect(haveSameContent(object(), object(other))).toBe(false);
});

it.each([
	['without a checksum', { checksum: undefined }],
	['with a composite checksum', { checksum: crc('a', 'COMPOSITE') }],
	[
		'with a checksum of another algorithm',
		{ checksum: { ...crc('a'), algorithm: 'SHA256' as const } },
	],
])(
	'whether an object %s has the same content is not known, even with the same ETag',
	(_, other) => {
		expect(haveSameContent(object(), object(other))).toBeUndefined();
		expect(haveSameContent(object(other), object())).toBeUndefined();
	},
);

it('an object is a copy also by the same MD5 as ETag, but by no other ETag', () => {
	const plain = object({ checksum: undefined });
	expect(isCopyOf(plain, plain)).toBe(true);
	expect(isCopyOf(plain, object({ checksum: undefined, etag: 'f'.repeat(32) }))).toBeUndefined();
	const inParts = object({ checksum: undefined, etag: `${md5}-2` });
	expect(isCopyOf(inParts, inParts)).toBeUndefined();
	expect(isCopyOf(plain, object({ size: 2 }))).toBe(false);
});
