import {
	firstByteOf,
	isRangeAskedFor,
	lengthOf,
	readContentRange,
} from '../../../../s3/headers/contentRange';

it.each([
	['bytes 100-199/1000', 100],
	['bytes 0-0/1', 0],
	['bytes 5-9/*', 5],
	['bytes */1000', 0],
	['', 0],
	[undefined, 0],
])('the body of a response with the range %s begins with byte %i', (contentRange, first) => {
	expect(firstByteOf(contentRange)).toBe(first);
});

it.each([
	['bytes 100-199/1000', { first: 100, last: 199, total: 1000 }],
	['bytes 5-9/*', { first: 5, last: 9, total: undefined }],
	['bytes */1000', undefined],
	['items 0-1/2', undefined],
	[undefined, undefined],
])('the header %s is read', (contentRange, expected) => {
	expect(readContentRange(contentRange)).toEqual(expected);
});

it.each([
	['bytes=0-99', 'bytes 0-99/1000', true],
	['bytes=0-99', 'bytes 0-49/50', true],
	['bytes=0-99', 'bytes 0-99/*', true],
	['bytes=0-99', 'bytes 500-599/1000', false],
	['bytes=0-99', 'bytes 0-98/1000', false],
	['bytes=0-99', 'bytes 0-100/1000', false],
	['bytes=0-99', 'bytes 0-100/*', false],
	['bytes=900-', 'bytes 900-999/1000', true],
	['bytes=900-', 'bytes 900-998/1000', false],
	['bytes=900-', 'bytes 901-999/1000', false],
	['bytes=-100', 'bytes 900-999/1000', true],
	['bytes=-100', 'bytes 0-49/50', true],
	['bytes=-100', 'bytes 0-99/1000', false],
	['bytes=-100', 'bytes 901-999/1000', false],
])('the range %s is met by %s: %s', (range, contentRange, expected) => {
	expect(isRangeAskedFor(range, readContentRange(contentRange)!)).toBe(expected);
});

it('the length of a range counts its first and its last byte', () => {
	expect(lengthOf({ first: 5, last: 9, total: undefined })).toBe(5);
});
