import { globPrefix, keyGlob } from '../../../../s3/list/keyGlob';

describe('keyGlob', () => {
	it.each([
		['*.csv', 'a.csv', true],
		['*.csv', 'dir/a.csv', false],
		['**.csv', 'dir/sub/a.csv', true],
		['**/*.csv', 'a.csv', false],
		['logs/*/day.txt', 'logs/2026/day.txt', true],
		['logs/*/day.txt', 'logs//day.txt', true],
		['logs/*/day.txt', 'logs/2026/11/day.txt', false],
		['a?c', 'abc', true],
		['a?c', 'ac', false],
		['a?c', 'a/c', false],
		['a?c', 'a😀c', true],
		['a^*c', 'a*c', true],
		['a^*c', 'abc', false],
		['a^?^^', 'a?^', true],
		['a^', 'a^', true],
		['', '', true],
		['', 'a', false],
		['*', '', true],
		['**', 'any/thing\nat all', true],
		['a.c', 'abc', false],
		['[ab]+(x)', '[ab]+(x)', true],
		['*a*b*', 'xxaxxbxx', true],
		['*a*b*', 'xxbxxaxx', false],
	])('keyGlob says of %j and the key %j: %s', (pattern, key, expected) => {
		expect(keyGlob(pattern)(key)).toBe(expected);
	});

	it('keyGlob takes no long time for a pattern on which regular expressions backtrack', () => {
		const matches = keyGlob('*a'.repeat(30) + 'b');
		const begin = performance.now();
		expect(matches('a'.repeat(1024))).toBe(false);
		expect(performance.now() - begin).toBeLessThan(1000);
	});

	it.each([
		['logs/2026/*.csv', 'logs/2026/'],
		['a^*b*', 'a*b'],
		['*', ''],
		['plain', 'plain'],
	])('globPrefix gives what every key that matches %j begins with: %j', (pattern, prefix) => {
		expect(globPrefix(pattern)).toBe(prefix);
	});
});
