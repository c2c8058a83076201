import { readFileSync } from 'node:fs';

/** A variable of the environment as n8n reads its own: from a file if one with `_FILE` names it. */
export function readVariable(name: string): string | undefined {
	const value = process.env[name];
	const file = value === undefined ? process.env[`${name}_FILE`] : undefined;
	return file === undefined || file === '' ? value : readFileSync(file, 'utf8').trim();
}

/** Whether a switch of n8n is on, as n8n reads it. */
export function isSwitchedOn(name: string): boolean {
	return isOneOf(name, ['true', '1']);
}

/** Whether a switch of n8n was set to off, and not only left as it is. */
export function isSwitchedOff(name: string): boolean {
	return isOneOf(name, ['false', '0']);
}

const isOneOf = (name: string, words: readonly string[]): boolean =>
	words.includes(readVariable(name)?.toLowerCase() ?? '');
