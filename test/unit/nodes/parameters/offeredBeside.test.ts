import { NodeHelpers, type INodeParameters, type INodeProperties } from 'n8n-workflow';

import {
	eachOnce,
	offeredBeside,
	offeredInsteadOf,
} from '../../../../nodes/parameters/offeredBeside';
import { optionsField } from '../../../../nodes/parameters/OptionGroup';

const mode: INodeProperties = {
	displayName: 'Mode',
	name: 'mode',
	type: 'options',
	options: [],
	default: 'a',
};
const text: INodeProperties = { displayName: 'Text', name: 'text', type: 'string', default: '' };
const pairs: INodeProperties = {
	displayName: 'Pairs',
	name: 'pairs',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	default: {},
	options: [{ displayName: 'Pair', name: 'pair', values: [text] }],
};
const fields = offeredBeside('mode', ['a', 'b'], [text, pairs]);
const properties = [optionsField(mode, ...fields)];

/** What n8n hands over of what was entered. */
const kept = (options: INodeParameters) =>
	NodeHelpers.getNodeParameters(properties, { options }, true, false, null, null)?.options;
/** How often the editor shows an option: it never shows hidden fields. */
const shown = (name: string, options: INodeParameters) =>
	fields.filter(
		(field) =>
			field.name === name &&
			field.type !== 'hidden' &&
			NodeHelpers.displayParameter(options, field, null, null),
	).length;

const PAIRS = { pair: [{ text: 'x' }] };

describe('an option beside another one', () => {
	it.each<[INodeParameters, number]>([
		[{}, 0],
		[{ mode: 'c' }, 0],
		[{ mode: 'a' }, 1],
		[{ mode: 'b', text: 'x' }, 1],
		[{ mode: 'c', text: 'x' }, 1],
		[{ text: 'x' }, 1],
		[{ text: '' }, 0],
		[{ mode: '={{ $json.mode }}' }, 1],
		[{ mode: '={{ $json.mode }}', text: 'x' }, 1],
	])(
		'an option beside another one is shown in the editor with %j so often: %d',
		(options, times) => {
			expect(shown('text', options)).toBe(times);
		},
	);

	it.each<INodeParameters>([
		{ text: 'x' },
		{ pairs: PAIRS },
		{ mode: 'a', text: 'x', pairs: PAIRS },
		{ mode: 'c', text: 'x', pairs: PAIRS },
		{ mode: '={{ $json.mode }}', text: '={{ $json.text }}' },
	])('an option beside another one is handed over as it was entered: %j', (options) => {
		expect(kept(options)).toEqual(options);
	});

	it('an option that was not set is not handed over', () => {
		expect(kept({ mode: 'a' })).toEqual({ mode: 'a' });
	});

	it('options can be taken once each, as they are offered', () => {
		const shows = { displayOptions: { show: { mode: ['a', 'b'] } } };
		expect(eachOnce(fields)).toEqual([
			{ ...text, ...shows },
			{ ...pairs, ...shows },
		]);
	});
});

describe('an option instead of another one', () => {
	const name: INodeProperties = { ...text, name: 'name' };
	const either = [...offeredInsteadOf('name', text), ...offeredInsteadOf('text', name)];
	/** Of those with the same name the editor takes the first. */
	const shownOf = (options: INodeParameters) => {
		const shown = either.filter(
			(field) =>
				field.type !== 'hidden' && NodeHelpers.displayParameter(options, field, null, null),
		);
		return [...new Set(shown.map((field) => field.name))];
	};

	it.each<[INodeParameters, string[]]>([
		[{}, ['text', 'name']],
		[{ name: '' }, ['text', 'name']],
		[{ name: 'x' }, ['name']],
		[{ name: '>' }, ['name']],
		[{ text: 'x' }, ['text']],
		[{ name: '={{ $json.name }}', text: '' }, ['text', 'name']],
		[{ name: 'x', text: 'y' }, ['text', 'name']],
	])('of options instead of each other the editor shows with %j: %j', (options, names) => {
		expect(shownOf(options)).toEqual(names);
	});

	it('two options instead of each other are handed over as they were entered, to be refused in words', () => {
		const options = { name: 'x', text: 'y' };
		const form = [optionsField(...either)];
		const given = NodeHelpers.getNodeParameters(form, { options }, true, false, null, null);
		expect(given?.options).toEqual(options);
	});
});
