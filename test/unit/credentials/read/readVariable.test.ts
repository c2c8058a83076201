import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isSwitchedOn, readVariable } from '../../../../credentials/read/readVariable';

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

it('a variable that is not set is undefined, and no switch is on', () => {
	expect(readVariable(NAME)).toBeUndefined();
	expect(isSwitchedOn(NAME)).toBe(false);
});

it.each([
	['true', true],
	['TRUE', true],
	['1', true],
	['', false],
	['yes', false],
	['false', false],
	['0', false],
])('with the value %j a switch is on: %j', (value, isOn) => {
	process.env[NAME] = value;
	expect(isSwitchedOn(NAME)).toBe(isOn);
});
