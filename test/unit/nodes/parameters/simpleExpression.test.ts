import { Workflow, type IDataObject, type INodeTypes } from 'n8n-workflow';

import { evaluateSimple } from '../../../../nodes/parameters/simpleExpression';
import { expectLinearTime } from '../../linearTime';
import { randomFrom } from '../../s3/list/listedKeys';

const json: IDataObject = {
	id: 7,
	price: 1e21,
	less: -0.5,
	nothing: 0,
	name: 'Grüße & {{ $json.id }} 😀',
	empty: '',
	'File Name': 'a "b".pdf',
	file: { name: 'x', path: ['a', 'b'], 'a.b': 'dotted', '["a.b"].c': 'bracketed' },
	$: 'dollar',
	class: 'reserved',
	yes: true,
	none: null,
	arguments: 'unsafe',
	'\\x69d': 'backslash',
};

describe('evaluateSimple', () => {
	it.each([
		['no expression: {{ $json.id }}', 'no expression: {{ $json.id }}'],
		['', ''],
		['=', ''],
		['=plain', 'plain'],
		['={{ $json.id }}', '7'],
		['= {{$json.id}} ', ' 7 '],
		['=put/{{ $json.id }}-{{ $json.file.name }}.txt', 'put/7-x.txt'],
		['={{ $json["File Name"] }}', 'a "b".pdf'],
		["={{ $json.file['a.b'] }}", 'dotted'],
		['={{ $json.file[\'["a.b"].c\'] }}', 'bracketed'],
		['={{\n\t$json.name\n}}', 'Grüße & {{ $json.id }} 😀'],
		['={{ $json.empty }}', ''],
		['={"id": "{{ $json.id }}", "of": {"a": {}}}', '{"id": "7", "of": {"a": {}}}'],
		['={{ $json["$"] }}{{ $json.class }}{{ $json.price }}', 'dollarreserved1e+21'],
	])('evaluateSimple evaluates %j', (entered, text) => {
		expect(evaluateSimple(entered, json)).toBe(text);
	});

	it.each([
		'={{ $json.missing }}',
		'={{ $json.name.length }}',
		'={{ $json.toString }}',
		'={{ $json.file.path.length.x }}',
		'={{ $json.none }}',
		'={{ $json.none.x }}',
		'={{ $json.yes }}',
		'={{ $json.file }}',
		'={{ $json }}',
		'={{ $json.file?.name }}',
		'={{ $json .id }}',
		'={{ $json.id + 1 }}',
		'={{ $json.id; }}',
		'={{ $json.name.trim() }}',
		'={{ $json["a" + "b"] }}',
		'={{ $json.file.path[0] }}',
		'={{ $json["\\x69d"] }}',
		'={{ $jsonx.id }}',
		'={{ $json.$ }}',
		'={{ $binary.data.fileName }}',
		'={{ $json.arguments }}',
		'={{ $json.__proto__ }}',
		'=constructor {{ $json.id }}',
		'=\\{{ $json.id }}',
		'={{ $json.id }} {{ open',
		'={{ }}',
	])('evaluateSimple leaves %j to n8n', (entered) => {
		expect(evaluateSimple(entered, json)).toBeUndefined();
	});
});

/** One of several values. */
type Pick = <T>(values: readonly T[]) => T;

/** Literal text with all that has a meaning in an expression, or in the code that n8n makes of one. */
const literals = [
	...['a', ' ', '/', '{', '}', '}}', '"', "'", '`', '$', '${x}', '\n', '😀', '=', '//', '%20'],
	...['.trim()', '$json.id', '/* ', ' */', '<!-- ', '\u2028', '\u0000'],
];
/** Names of members, of which some are no identifiers and some mean something in JavaScript. */
const names = [
	'id',
	'File Name',
	'a.b',
	'$',
	'_',
	'class',
	'length',
	'größe',
	'0',
	"o'clock",
	'"',
	'["id"]',
	...['toString', 'constructor', 'arguments', '__proto__', 'json', '$json', 'item'],
];
const values = [
	...['x', '', 'Grüße 😀', '{{ $json.id }}', '=1+1', '$&', '\\', '\u2028', '[object Object]'],
	...[0, 7, -0.5, 1e21, 1e-7, NaN, Infinity, true, false, null],
	...[[], ['a', 'b'], {}],
];

/** An object with some members, down to a depth. */
function dataOf(pick: Pick, depth: number): IDataObject {
	const members = Array.from({ length: 4 }, () => {
		const isNested = depth > 0 && pick([true, false]);
		return [pick(names), isNested ? dataOf(pick, depth - 1) : pick(values)];
	});
	return Object.fromEntries(members) as IDataObject;
}

/** A path into the data, mostly to a member that is there, in one of the notations for it. */
function pathInto(data: IDataObject, pick: Pick): string {
	let path = '$json';
	for (let value: unknown = data; typeof value === 'object' && value !== null;) {
		const name = pick([...Object.keys(value), pick(names)]);
		path += pick([`.${name}`, `["${name}"]`, `['${name}']`]);
		value = (value as IDataObject)[name];
		if (pick([false, false, false, true])) break;
	}
	const space = pick(['', ' ', '\n\t']);
	return `{{${space}${path}${space}}}`;
}

it('evaluateSimple gives what n8n gives for every expression that it does not leave to n8n', () => {
	let evaluated = 0;
	for (let seed = 0; seed < 3000; seed++) {
		const random = randomFrom(seed);
		const pick: Pick = (choices) => choices[Math.floor(random() * choices.length)]!;
		const data = dataOf(pick, 2);
		const piece = () => (pick([true, false]) ? pick(literals) : pathInto(data, pick));
		const entered = `=${Array.from({ length: pick([1, 2, 3, 4]) }, piece).join('')}`;
		const text = evaluateSimple(entered, data);
		if (text === undefined) continue;
		evaluated++;
		expect({ entered, data, text }).toEqual({ entered, data, text: String(byN8n(entered, data)) });
	}
	expect(evaluated).toBeGreaterThan(900);
});

/** What n8n's own engine gives for an expression. */
function byN8n(entered: string, data: IDataObject): unknown {
	const items = [{ json: data }];
	return workflow.expression.getParameterValue(entered, null, 0, 0, 'S3', items, 'manual', {});
}

const workflow = new Workflow({
	nodes: [{ id: '1', name: 'S3', type: 's3', typeVersion: 1, position: [0, 0], parameters: {} }],
	connections: {},
	active: false,
	nodeTypes: { getByNameAndVersion: () => undefined } as unknown as INodeTypes,
});

it.each(['{', '{{', '}}', '{{}}', '{{ $json.id ', ' ', '{{ $json.id }}'])(
	'evaluateSimple takes a time linear in the length of the text: %j',
	(unit) => {
		expectLinearTime((length) => {
			evaluateSimple(`=${unit.repeat(length)}`, json);
			evaluateSimple(`={{${unit.repeat(length)}`, json);
		});
	},
);
