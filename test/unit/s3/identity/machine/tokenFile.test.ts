import { readToken } from '../../../../../s3/identity/machine/tokenFile';
import { rejectionOf } from '../../../failureOf';
import { withFolder } from './machine';

const file = withFolder();
const read = async (path: string) => await readToken(path, 'Could not do it', 'THE_VARIABLE');

it('a token is read without the line break after it', async () => {
	expect(await read(file('token', 'eyJ.a-b_c\r\n'))).toBe('eyJ.a-b_c');
});

it.each([
	['is missing', () => file('missing')],
	['is missing', () => `${file('a file', 'x')}/token`],
	['cannot be read', () => file('.')],
	['is empty', () => file('empty', ' \n')],
	['does not hold a token', () => file('lines', 'a\r\nx-header: b')],
])('a token file that %s is named', async (words, path) => {
	const failure = await rejectionOf(read(path()));
	expect(failure.kind).toBe('credentials');
	expect(failure.message).toBe(`Could not do it: the token file “${path()}” ${words}`);
	expect(failure.advice).toMatch(/^THE_VARIABLE in the environment of n8n names this file/);
});
