import { isTooDeep } from '../../../../nodes/files/jsonDepth';

it.each([
	['lists', '['.repeat(1001) + ']'.repeat(1001), true],
	['objects', '{"a":'.repeat(1001) + '1' + '}'.repeat(1001), true],
	['objects after texts with quotation marks', `["\\\\","\\"]",${'{"a":['.repeat(600)}`, true],
	['not so many lists', '['.repeat(1000) + ']'.repeat(1000), false],
	['lists beside each other', `[${'[],'.repeat(5000)}1]`, false],
	['brackets in texts', `["${'['.repeat(5000)}","\\"${'{'.repeat(5000)}"]`, false],
	['brackets after an escaped backslash', `["\\\\",${'['.repeat(999)}`, false],
])('JSON of %s is too deep: %#', async (_, json, expected) => {
	expect(await isTooDeep(json)).toBe(expected);
});

it('n8n does its other work while a long JSON is looked at', async () => {
	let turns = 0;
	const other = () => {
		turns += 1;
		if (turns < 3) setImmediate(other);
	};
	setImmediate(other);
	expect(await isTooDeep(`[${'1,'.repeat(4 * 1024 * 1024)}1]`)).toBe(false);
	expect(turns).toBe(3);
});
