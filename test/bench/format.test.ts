import { count, duration, ratio, size } from './format';

it.each([
	[0.0011, '1.1 ms'],
	[0.0094, '9.4 ms'],
	[0.0412, '41 ms'],
	[0.4, '0.40 s'],
	[9.994, '9.99 s'],
	[12.34, '12.3 s'],
	[318, '318 s'],
])('%d seconds are %s', (seconds, text) => {
	expect(duration(seconds)).toBe(text);
});

it.each([
	[36, '36 B'],
	[128_000, '125 KiB'],
	[0, '0 MiB'],
	[4_500_000, '4.3 MiB'],
	[128 * 1024 ** 2, '128 MiB'],
	[3_113_851_290, '2.9 GiB'],
	[8 * 1024 ** 3, '8 GiB'],
])('%d bytes are %s', (bytes, text) => {
	expect(size(bytes)).toBe(text);
});

it('factors have three digits', () => {
	expect([0.769, 5, 14.28, 131.4].map(ratio)).toEqual(['0.77×', '5.00×', '14.3×', '131×']);
});

it('the counts have separators, and parts of one their decimals', () => {
	expect([2000, 1_000_000, 0.01].map(count)).toEqual(['2,000', '1,000,000', '0.01']);
});
