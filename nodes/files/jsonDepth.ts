import { setImmediate as nextTurn } from 'node:timers/promises';

import { MiB } from '../../s3/bytes';

/** Lists and objects in each other. n8n works through items by recursion, which ends at some thousands. */
const MAX_DEPTH = 1000;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [LIST, END_OF_LIST, OBJECT, END_OF_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Whether lists and objects in JSON lie deeper in each other than n8n can bear: it could neither hand such an item on nor
 * store the execution. It lets n8n do other work in between: a text of 64 MiB takes half a second.
 *
 * @param json a text that was parsed
 */
export async function isTooDeep(json: string): Promise<boolean> {
	let depth = 0;
	let turnAt = MiB;
	for (let at = 0; at < json.length; at++) {
		const code = json.charCodeAt(at);
		if (code === QUOTE) at = endOfText(json, at);
		else if (code === LIST || code === OBJECT) depth += 1;
		else if (code === END_OF_LIST || code === END_OF_OBJECT) depth -= 1;
		if (depth > MAX_DEPTH) return true;
		if (at > turnAt) {
			await nextTurn();
			turnAt = at + MiB;
		}
	}
	return false;
}

/** The index of the quotation mark that ends a text. */
function endOfText(json: string, start: number): number {
	let end = json.indexOf('"', start + 1);
	while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
	return end === -1 ? json.length : end;
}

/** Whether an odd number of backslashes stands before a character. */
function isEscaped(json: string, at: number): boolean {
	let before = at - 1;
	while (json.charCodeAt(before) === BACKSLASH) before -= 1;
	return (at - before) % 2 === 0;
}
