import {
	readBooleanField,
	readRequiredField,
	readTextField,
} from '../../../../credentials/read/readField';
import { failureOf } from '../../failureOf';

it.each([
	[' a ', 'a'],
	[5, '5'],
	['  ', undefined],
	[null, undefined],
	[undefined, undefined],
])('the text of a field with %j is %j', (value, text) => {
	expect(readTextField({ f: value }, 'f', 'Field')).toBe(text);
});

it('a field that holds neither text nor a number is invalid, and its value is not shown', () => {
	const failure = failureOf(() => readTextField({ f: { secret: 'planted' } }, 'f', 'Field'));
	expect(failure).toMatchObject({
		kind: 'invalid',
		message: 'Field of the credential is not text',
	});
	expect(failure.description).not.toContain('planted');
});

it('a required field that is empty is invalid', () => {
	expect(failureOf(() => readRequiredField({ f: ' ' }, 'f', 'Field'))).toMatchObject({
		kind: 'invalid',
		message: 'The credential has no Field',
	});
});

it.each([
	[true, true],
	[' TRUE ', true],
	[false, false],
	['false', false],
	['', false],
	[undefined, false],
])('the switch %j is %j', (value, expected) => {
	expect(readBooleanField({ f: value }, 'f', 'Field')).toBe(expected);
});

it('a switch with any other value is invalid', () => {
	expect(failureOf(() => readBooleanField({ f: 1 }, 'f', 'Field'))).toMatchObject({
		kind: 'invalid',
		message: 'Field of the credential is neither true nor false',
	});
});
