import { randomFrom } from '../../../faults/random';
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

	it('keyGlob says the same of random patterns and keys as a regular expression', () => {
		const regular = (pattern: string) =>
			pattern.replace(/\*\*|[*?]/g, (star) => ({ '**': '[^]*', '*': '[^/]*' })[star] ?? '[^/]');
		const random = randomFrom(7);
		const textOf = (characters: string, most: number) =>
			Array.from({ length: random(most) }, () => characters[random(characters.length)]).join('');
		let matching = 0;
		for (let i = 0; i < 3000; i++) {
			const plain = 'x'.repeat(random(2) * 28);
			const pattern = `*${plain}${textOf('aab/**?', 14)}`;
			const key = `${textOf('a/', 3)}${plain}${textOf('aab/', 14)}`;
			const expected = new RegExp(`^${regular(pattern)}$`).test(key);
			expect([pattern, key, keyGlob(pattern)(key)]).toEqual([pattern, key, expected]);
			if (expected) matching++;
		}
		expect(matching).toBeGreaterThan(100);
	});

	it('keyGlob takes a pattern as long as a key, and no longer one', () => {
		const long = '?'.repeat(1024);
		expect(keyGlob(long)('a'.repeat(1024))).toBe(true);
		expect(keyGlob(long)('a'.repeat(1023))).toBe(false);
		expect(() => keyGlob(`${long}?`)).toThrow('1025 characters');
	});

	it.each(['**'.repeat(500), '*'.repeat(1000), '?*'.repeat(500), '*a'.repeat(500)])(
		'keyGlob tests a page of keys in less than a second of CPU time, whatever the pattern: %.9s',
		(pattern) => {
			const matches = keyGlob(`${pattern}b`);
			const key = 'a'.repeat(1000);
			const begin = process.cpuUsage();
			for (let i = 0; i < 1000; i++) expect(matches(key)).toBe(false);
			expect(process.cpuUsage(begin).user).toBeLessThan(1e6);
		},
	);

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
