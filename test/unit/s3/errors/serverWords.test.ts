import { serverWords } from '../../../../s3/errors/serverWords';

it('the words of a server are one line', () => {
	expect(serverWords(' Not\r\n\tallowed\u0000 here\n')).toBe('Not allowed here');
});

it('the words of a server are at most 1,000 characters', () => {
	expect(serverWords('a'.repeat(1000))).toBe('a'.repeat(1000));
	expect(serverWords('a'.repeat(1001))).toBe(`${'a'.repeat(999)}…`);
	expect(serverWords(`${' '.repeat(900)}${'a'.repeat(5000)}`)).toHaveLength(1000);
});

it('the words of a server are cut before anything is made of them', () => {
	const begin = process.cpuUsage();
	for (let i = 0; i < 100; i++) serverWords(`a${' '.repeat(1_000_000)}b`);
	expect(process.cpuUsage(begin).user).toBeLessThan(1e6);
});
