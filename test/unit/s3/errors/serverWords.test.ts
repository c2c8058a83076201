import { serverWords } from '../../../../s3/errors/serverWords';
import { expectLinearTime } from '../../linearTime';

it('the words of a server are one line', () => {
	expect(serverWords(' Not\r\n\tallowed\u0000 here\n')).toBe('Not allowed here');
});

it('the words of a server are at most 1,000 characters', () => {
	expect(serverWords('a'.repeat(1000))).toBe('a'.repeat(1000));
	expect(serverWords('a'.repeat(1001))).toBe(`${'a'.repeat(999)}…`);
	expect(serverWords(`${' '.repeat(900)}${'a'.repeat(5000)}`)).toHaveLength(1000);
});

it('the words of a server take a time linear in their length', () => {
	for (const unit of [' ', '\n', 'a', ' a']) {
		expectLinearTime((length) => serverWords(`a${unit.repeat(length)}b`));
	}
});
