import type { IExecuteFunctions, ILoadOptionsFunctions, IPollFunctions } from 'n8n-workflow';

import { enteredIn, ofEditor, ofItem, ofPoll } from '../../../../nodes/parameters/ParameterSource';
import { readText } from '../../../../nodes/parameters/read';

/** A node with one parameter, of two items, in which n8n evaluates `=expression` to the item's number. */
function nodeOfItems() {
	const getNodeParameter = jest.fn(
		(name: string, index: number, fallback: unknown, { rawExpressions = false } = {}) => {
			if (name !== 'key') return fallback;
			return rawExpressions ? '={{ expression() }}' : `key of item ${index}`;
		},
	);
	const node = {
		getNodeParameter,
		getInputData: () => [{ json: { n: 0 } }, { json: { n: 1 } }],
		getTimezone: () => 'Europe/Berlin',
	} as unknown as IExecuteFunctions;
	return { node, getNodeParameter };
}

describe('the parameters of an item', () => {
	it('the parameters of an item are evaluated for that item', () => {
		const source = ofItem(nodeOfItems().node, 1);
		expect(readText(source, 'key')).toBe('key of item 1');
		expect(source.json).toEqual({ n: 1 });
		expect(source.timezone).toBe('Europe/Berlin');
	});

	it('the parameters of an item are empty if the node does not have them', () => {
		expect(readText(ofItem(nodeOfItems().node, 0), 'other')).toBeUndefined();
	});

	it('what was entered in a node is looked up once for all its items', () => {
		const { node, getNodeParameter } = nodeOfItems();
		const entered = enteredIn(node);
		const sources = [0, 1].map((index) => ofItem(node, index, entered));
		expect(sources.map((source) => source.entered('key'))).toEqual([
			'={{ expression() }}',
			'={{ expression() }}',
		]);
		expect(getNodeParameter).toHaveBeenCalledTimes(1);
	});
});

describe('the parameters in the editor', () => {
	it('the parameters in the editor are those that are set so far, as the editor has evaluated them', () => {
		const values: Record<string, unknown> = { bucket: '=already evaluated' };
		const node = {
			getCurrentNodeParameter: (name: string) => values[name],
			getTimezone: () => 'Asia/Tokyo',
		} as unknown as ILoadOptionsFunctions;
		const source = ofEditor(node);
		expect(readText(source, 'bucket')).toBe('=already evaluated');
		expect(readText(source, 'key')).toBeUndefined();
		expect(source.timezone).toBe('Asia/Tokyo');
	});
});

it('the parameters of a poll are evaluated without an item', () => {
	const node = {
		getNodeParameter: (name: string, fallback: unknown, { rawExpressions = false } = {}) =>
			name === 'prefix' ? (rawExpressions ? '={{ $now.year }}/' : '2026/') : fallback,
		getTimezone: () => 'Europe/Berlin',
	} as unknown as IPollFunctions;
	const source = ofPoll(node, []);
	expect(source.entered('prefix')).toBe('={{ $now.year }}/');
	expect(readText(source, 'prefix')).toBe('2026/');
	expect(readText(source, 'other')).toBeUndefined();
	expect(source.json).toEqual({});
	expect(source.timezone).toBe('Europe/Berlin');
});
