import { textSize } from '../../../../nodes/parameters/textSize';
import { sourceOf } from './sourceOf';

const read = (value: unknown) => textSize.read(sourceOf({ 'options.maxTextSizeMb': value }));

it.each([
	['', 64 * 1024 * 1024],
	[1, 1024 * 1024],
	['0.001', 1048],
	[0, 0],
])('a text size of %p MiB is %i bytes', (value, bytes) => {
	expect(read(value)).toBe(bytes);
});

it.each([-1, 512])('a text size of %p MiB is refused', (value) => {
	expect(() => read(value)).toThrow(/must be a number from 0 to 511, but is/);
});
