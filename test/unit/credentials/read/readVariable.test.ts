import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
	isSwitchedOff,
	isSwitchedOn,
	readVariable,
} from '../../../../credentials/read/readVariable';

const NAME = 'N8N_A_VARIABLE_OF_THE_TESTS';
const folder = mkdtempSync(join(tmpdir(), 'variable-'));
const file = join(folder, 'value');

afterEach(() => {
	Reflect.deleteProperty(process.env, NAME);
	Reflect.deleteProperty(process.env, `${NAME}_FILE`);
});
afterAll(() => {
	rmSync(folder, { recursive: true });
});

it('a variable is read from the file that is named instead of it', () => {
	writeFileSync(file, ' true\n');
	process.env[`${NAME}_FILE`] = file;
	expect(readVariable(NAME)).toBe('true');
	expect(isSwitchedOn(NAME)).toBe(true);
	process.env[NAME] = 'false';
	expect(readVariable(NAME)).toBe('false');
});

it('a variable that is not set is undefined, and the switch is neither on nor off', () => {
	expect(readVariable(NAME)).toBeUndefined();
	expect([isSwitchedOn(NAME), isSwitchedOff(NAME)]).toEqual([false, false]);
});

it.each([
	['true', true, false],
	['TRUE', true, false],
	['1', true, false],
	['', false, false],
	['yes', false, false],
	['false', false, true],
	['False', false, true],
	['0', false, true],
])('with the value %j a switch is on: %j, and off: %j', (value, isOn, isOff) => {
	process.env[NAME] = value;
	expect([isSwitchedOn(NAME), isSwitchedOff(NAME)]).toEqual([isOn, isOff]);
});
