import { firstByteOf } from '../../../../s3/headers/contentRange';

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
