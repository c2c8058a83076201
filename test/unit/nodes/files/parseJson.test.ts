import { isDeepStrictEqual } from 'node:util';

import { parseJson } from '../../../../nodes/files/parseJson';
import { oneOf, type Random, randomFrom } from '../../../faults/random';
import { seeds } from '../../../seeds';

const NOT_JSON = { why: 'is not JSON' };

/** What `JSON.parse` makes of a text. */
function expected(text: string) {
	try {
		return { value: JSON.parse(text) as unknown };
	} catch {
		return NOT_JSON;
	}
}

/** Whether two values are the same, with the order of their names and those named `__proto__`. */
const areSame = (one: unknown, other: unknown): boolean =>
	isDeepStrictEqual(one, other) && JSON.stringify(one) === JSON.stringify(other);

const CHARACTERS = [
	...Array.from('ab019-.e[]{},: ☃'),
	'\\"',
	'\\n',
	'\\/',
	'\\u0041',
	'\\ud83d',
	'\\ude00',
];
const NAMES = ['__proto__', '\\u005f_proto__', 'constructor', 'length', '', '0', '1', '10', '-1'];
const PLAIN = ['0', '-0', '1.5e-3', '1E999', '12345678901234567890', 'true', 'false', 'null'];
const MISTAKES = [...Array.from('[]{},:"\\0.-\u0000\n\ufeff'), '[]', '{}', '""', ',,', '\u00a0'];

function randomText(random: Random): string {
	const length = random(random(8) === 0 ? 50 : 5);
	return `"${Array.from({ length }, () => oneOf(random, CHARACTERS)).join('')}"`;
}

function randomValue(random: Random, depth: number): string {
	const blank = () => oneOf(random, ['', '', '', ' ', '\n', '\t\r']);
	const around = (text: string) => blank() + text + blank();
	const kind = random(depth === 0 ? 2 : 6);
	if (kind === 0) return oneOf(random, PLAIN);
	if (kind === 1) return randomText(random);
	const values = Array.from({ length: random(6) }, () => around(randomValue(random, depth - 1)));
	if (kind < 4) return `[${blank()}${values.join()}]`;
	const name = () => (random(3) === 0 ? `"${oneOf(random, NAMES)}"` : randomText(random));
	return `{${blank()}${values.map((value) => `${around(name())}:${value}`).join()}}`;
}

/** The text with a few characters that are left out, put in, repeated or cut off. */
function changed(random: Random, text: string): string {
	const at = random(text.length + 1);
	const [before, after] = [text.slice(0, at), text.slice(at)];
	return oneOf(random, [
		before,
		before + after.slice(1 + random(3)),
		before + after.slice(random(after.length + 1)),
		before + oneOf(random, MISTAKES) + after,
		before + after.slice(0, 1 + random(3)) + after,
	]);
}

describe('parseJson', () => {
	it('parseJson gives in pieces of any size what JSON.parse gives at once, and refuses what that refuses', async () => {
		for (let seed = 0; seed < seeds(3, 40); seed++) {
			const random = randomFrom(seed);
			for (let round = 0; round < 1000; round++) {
				let text = randomValue(random, 5);
				for (let changes = random(4) - 1; changes > 0; changes--) text = changed(random, text);
				// V8 mixes up names with escapes once it knows one with a backslash: github.com/nodejs/node/issues/63785
				if (text.includes('\\\\')) continue;
				const piece = 1 + random(oneOf(random, [3, 30]));
				const parsed = await parseJson(text, undefined, piece);
				if (!areSame(parsed, expected(text))) expect({ text, piece, parsed }).toBe(expected(text));
			}
		}
	}, 600_000);

	it.each([
		...['', ' ', '[', ']', '{', '}', '[1,]', '[,1]', '[,]', '[1 2]', '[1]]', '[[1]', '[1}', '{]'],
		...['{"a":1,}', '{,"a":1}', '{"a"}', '{"a":}', '{"a" 1}', '{"a":1 "b":2}', '{1:2}', '{"a":1]'],
		...[
			'1,2',
			'1 2',
			'1,',
			',1',
			'[1],[2]',
			'[1] 2',
			'[1],',
			'0[1]',
			'[[1]2]',
			'[[1][2]]',
			'[-[1]]',
		],
		...['{"a":[1]2}', '{"a":5[1]}', '{"a":[1]"b":2}', '{"a":[1],}', '{"a":[1],"b"}', '{[1]:2}'],
		...[
			'"a',
			'"a\\"',
			'["a]',
			'"\u0000"',
			'"\n"',
			'"\\x"',
			'"\\u12"',
			'01',
			'1.',
			'+1',
			'.5',
			'NaN',
		],
		...["'a'", '[1] x', '\u00a0[1]', '[1\u00a0]', '\ufeff[1]', 'nul', '//', '<html>', '[1]\u0000'],
	])('parseJson refuses %j, whatever the size of its pieces', async (text) => {
		expect(expected(text)).toBe(NOT_JSON);
		for (const piece of [1, 2, 3, 100]) {
			expect(await parseJson(text, undefined, piece)).toEqual(NOT_JSON);
		}
	});

	it('parseJson keeps the order of names, the last of several values, and the name __proto__', async () => {
		const text = `{"b":[[1,2],3],"__proto__":{"x":[1,2,3]},"2":0,"a":1,"b":{"c":[]},"1":0,"__proto__":[5]}`;
		for (const piece of [1, 5, 100]) {
			const { value } = await parseJson(text, undefined, piece);
			expect(JSON.stringify(value)).toBe('{"1":0,"2":0,"b":{"c":[]},"__proto__":[5],"a":1}');
			expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
		}
	});

	const tooDeep = {
		why: 'has more than 1,000 lists and objects one inside the other, which n8n cannot hand on',
	};

	it.each([
		['lists', '['.repeat(1001) + ']'.repeat(1001), true],
		['objects', '{"a":'.repeat(1001) + '1' + '}'.repeat(1001), true],
		['lists without end', '['.repeat(100_000), true],
		[
			'objects after texts with quotation marks',
			`["\\\\","\\"]",${'{"a":['.repeat(500)}${']}'.repeat(500)}]`,
			true,
		],
		['not so many lists', '['.repeat(1000) + ']'.repeat(1000), false],
		['not so many objects', '{"a":'.repeat(1000) + '1' + '}'.repeat(1000), false],
		['lists beside each other', `[${'[],'.repeat(5000)}1]`, false],
		['brackets in texts', `["${'['.repeat(5000)}","\\"${'{'.repeat(5000)}"]`, false],
		['brackets after an escaped backslash', `["\\\\",${'['.repeat(999)}${']'.repeat(1000)}`, false],
	])('parseJson refuses what is too deep for n8n: %s', async (_, text, isTooDeep) => {
		for (const piece of [10, 1500, Infinity]) {
			const parsed = await parseJson(text, undefined, piece);
			expect(parsed).toEqual(isTooDeep ? tooDeep : expected(text));
		}
	});

	it('parseJson refuses more than ten million lists and objects, which would fill the memory of n8n', async () => {
		const text = (count: number) => `${'{},'.repeat(count)}1,`;
		expect(await parseJson(text(10_000_001), undefined, Infinity)).toEqual({
			why: 'has more than 10,000,000 lists and objects in its JSON',
		});
		expect(await parseJson(text(10_000_000), undefined, Infinity)).toEqual(NOT_JSON);
	});

	it('parseJson refuses an object of so many fields that room for more takes V8 long', async () => {
		const fields = Array.from({ length: 10_000 }, (_, index) => `"${index}":0`).join();
		const text = (times: number) => `{${`${fields},`.repeat(times)}"a":0}`;
		expect(await parseJson(text(300))).toEqual({
			why: 'has more than 2,500,000 fields in one object of its JSON',
		});
		const { value } = await parseJson(text(200));
		expect(Object.keys(value as object)).toHaveLength(10_001);
	});

	it.each([
		['lists', `[${'[],'.repeat(500_000)}1]`],
		['fields', `{${'"a":0,'.repeat(500_000)}"a":1}`],
		['levels', `${'[[1,2],'.repeat(900)}${'1,'.repeat(1_000_000)}1${']'.repeat(900)}`],
		['blanks', `${' '.repeat(2_000_000)}1`],
		['a text', `"${'\\"'.repeat(1_000_000)}"`],
	])('parseJson lets n8n do its other work many times: %s', async (_, text) => {
		let turns = 0;
		let isDone = false;
		const other = () => {
			turns += 1;
			if (!isDone) setImmediate(other);
		};
		setImmediate(other);
		const parsed = await parseJson(text);
		isDone = true;
		expect(areSame(parsed, expected(text))).toBe(true);
		expect(turns).toBeGreaterThan(20);
	});

	it('parseJson ends with what it is stopped with', async () => {
		const stop = new AbortController();
		const parsing = parseJson(`[${'[],'.repeat(1_000_000)}1]`, stop.signal);
		const reason = new Error('stopped');
		setImmediate(() => {
			stop.abort(reason);
		});
		await expect(parsing).rejects.toBe(reason);
	});
});
