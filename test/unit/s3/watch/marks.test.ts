import {
	decode,
	decodeNumbers,
	encode,
	encodeNumbers,
	idOf,
	modifiedSeconds,
	secondsOf,
	valueOf,
} from '../../../../s3/watch/marks';
import { objectAt } from './objectAt';

it('marks are written as base64 and read again, in the same order whatever their order was', () => {
	const pairs: [number, number][] = [
		[idOf('b'), valueOf(objectAt('b', 1_796_000_000))],
		[0, 2 ** 48 - 1],
		[idOf('a'), 5],
	];
	const text = encode(pairs);
	expect(text).toHaveLength(16 * pairs.length);
	expect(new Map(decode(text))).toEqual(new Map(pairs));
	expect(encode([...pairs].reverse())).toBe(text);
	expect(decodeNumbers(encodeNumbers([1, 2 ** 48 - 1]))).toEqual([1, 2 ** 48 - 1]);
});

it('a date beyond the year 2106 is a mark as well', () => {
	const late = { ...objectAt('a', 0), lastModified: '9999-12-31T23:59:59.000Z' };
	expect(decode(encode([[idOf('a'), valueOf(late)]]))).toEqual([[idOf('a'), valueOf(late)]]);
	expect(modifiedSeconds(late)).toBe(2 ** 32 - 1);
});

it('what is stored under a key has another number if its content or its date is another', () => {
	const numbers = [
		valueOf(objectAt('a', 100)),
		valueOf(objectAt('a', 100, 'f')),
		valueOf(objectAt('a', 101)),
		valueOf({ ...objectAt('a', 100), size: 2 }),
		valueOf({ ...objectAt('a', 100), lastModified: '1970-01-01T00:01:40.500Z' }),
	];
	expect(new Set(numbers).size).toBe(numbers.length);
	expect(numbers.map(secondsOf)).toEqual([100, 100, 101, 100, 100]);
});

it('an object of which the server does not say when it was modified is not dated 0', () => {
	expect(modifiedSeconds({ ...objectAt('a', 5), lastModified: undefined })).toBe(1);
});
