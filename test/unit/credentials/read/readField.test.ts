import {
	readBooleanField,
	readNumberField,
	readRequiredField,
	readTextField,
} from '../../../../credentials/read/readField';
import { failureOf } from '../../failureOf';

it.each([
	[' a ', 'a'],
	[5, '5'],
	['  ', undefined],
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
])('the switch %j is %j', (value, expected) => {
	expect(readBooleanField({ f: value }, 'f', 'Field')).toBe(expected);
});

it.each([1, '', {}])('a switch that is %j is invalid', (value) => {
	expect(failureOf(() => readBooleanField({ f: value }, 'f', 'Field'))).toMatchObject({
		kind: 'invalid',
		message: 'Field of the credential is neither true nor false',
	});
});

it('a field that n8n does not hand over is empty, and a switch is off', () => {
	expect(readTextField({}, 'f', 'Field')).toBeUndefined();
	expect(readNumberField({}, 'f', 'Field')).toBeUndefined();
	expect(readBooleanField({}, 'f', 'Field')).toBe(false);
});

it.each([
	['text', readTextField, undefined],
	['text', readTextField, null],
	['number', readNumberField, undefined],
	['switch', readBooleanField, undefined],
	['switch', readBooleanField, null],
])('a %s whose expression gave nothing is invalid', (_, read, value) => {
	const failure = failureOf(() => read({ f: value }, 'f', 'Field'));
	expect([failure.kind, failure.message, failure.advice]).toEqual([
		'invalid',
		'The expression of Field in the credential gave nothing',
		'Correct the expression in the credential, or give Field a fixed value there.',
	]);
});

it('a number that was cleared in the form is empty', () => {
	expect(readNumberField({ f: null }, 'f', 'Field')).toBeUndefined();
	expect(readNumberField({ f: '5' }, 'f', 'Field')).toBe(5);
});
