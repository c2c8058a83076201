import { Workflow, type IDataObject, type INodeTypes } from 'n8n-workflow';

import { evaluateSimple } from '../../../../nodes/parameters/simpleExpression';
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

describe('text that is plain to see', () => {
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
		['={{ $json.$ }}{{ $json.class }}{{ $json.price }}', 'dollarreserved1e+21'],
	])('works out %j', (entered, text) => {
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
		'={{ $binary.data.fileName }}',
		'={{ $json.arguments }}',
		'={{ $json.__proto__ }}',
		'=constructor {{ $json.id }}',
		'=\\{{ $json.id }}',
		'={{ $json.id }} {{ open',
		'={{ }}',
	])('leaves %j to n8n', (entered) => {
		expect(evaluateSimple(entered, json)).toBeUndefined();
	});

	it('is what n8n gives, however literal text and paths follow one another', () => {
		const pieces = [
			...['a', ' ', '/', '{', '}', '}}', '"', "'", '`', '$', '${x}', '\n', '😀', '=', '//', '%20'],
			...['.trim()', '$json.id', '/* ', ' */', '<!-- ', '\u2028', '\u0000'],
			...Object.keys(json).flatMap((name) => [`{{ $json.${name} }}`, `{{$json["${name}"]}}`]),
			...['{{ $json.file.name }}', "{{ $json['file']['a.b'] }}", '{{ $json.file["path"] }}'],
		];
		let plain = 0;
		for (let seed = 0; seed < 3000; seed++) {
			const random = randomFrom(seed);
			const length = Math.floor(random() * 6);
			const piece = () => pieces[Math.floor(random() * pieces.length)];
			const entered = `=${Array.from({ length }, piece).join('')}`;
			const text = evaluateSimple(entered, json);
			if (text === undefined) continue;
			plain++;
			const given = byN8n(entered);
			expect({ entered, text }).toEqual({ entered, text: String(given) });
		}
		expect(plain).toBeGreaterThan(1000);
	});
});

/** What n8n itself gives for an expression. */
function byN8n(entered: string): unknown {
	const node = {
		id: '1',
		name: 'S3',
		type: 's3',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
	};
	const nodeTypes = { getByNameAndVersion: () => undefined } as unknown as INodeTypes;
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return workflow.expression.getParameterValue(entered, null, 0, 0, 'S3', [{ json }], 'manual', {});
}
