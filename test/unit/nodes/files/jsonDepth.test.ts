import { isTooDeep } from '../../../../nodes/files/jsonDepth';

it.each([
	['lists', '['.repeat(1001) + ']'.repeat(1001), true],
	['objects', '{"a":'.repeat(1001) + '1' + '}'.repeat(1001), true],
	['objects after texts with quotation marks', `["\\\\","\\"]",${'{"a":['.repeat(600)}`, true],
	['not so many lists', '['.repeat(1000) + ']'.repeat(1000), false],
	['lists beside each other', `[${'[],'.repeat(5000)}1]`, false],
	['brackets in texts', `["${'['.repeat(5000)}","\\"${'{'.repeat(5000)}"]`, false],
	['brackets after an escaped backslash', `["\\\\",${'['.repeat(999)}`, false],
])('JSON of %s is too deep: %#', (_, json, expected) => {
	expect(isTooDeep(json)).toBe(expected);
});
