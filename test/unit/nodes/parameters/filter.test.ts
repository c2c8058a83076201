import { filter } from '../../../../nodes/parameters/filter';
import { sourceOf } from './sourceOf';

describe('the filter of a listing', () => {
	it('the filter of a listing is read from its options', () => {
		const source = sourceOf({
			'options.excludePrefixItself': true,
			'options.keyMatches': ' *.pdf',
			'options.maxSize': '5',
			'options.minSize': 2,
			'options.modifiedAfter': '2026-01-31T08:00:00Z',
			'options.modifiedBefore': '2026-02-28T08:00:00Z',
		});
		expect(filter.read(source)).toEqual({
			excludePrefixItself: true,
			keyMatches: ' *.pdf',
			maxSize: 5,
			minSize: 2,
			modifiedAfter: new Date('2026-01-31T08:00:00Z'),
			modifiedBefore: new Date('2026-02-28T08:00:00Z'),
		});
	});

	it('the filter of a listing has no upper limit of sizes when Max Size is 0', () => {
		expect(filter.read(sourceOf({ 'options.maxSize': 0 })).maxSize).toBeUndefined();
	});

	it('the filter of a listing refuses a size below 0', () => {
		expect(() => filter.read(sourceOf({ 'options.minSize': -1 }))).toThrow(
			'Min Size must be a number of at least 0, but is "-1"',
		);
	});

	it.each(['keyMatches', 'modifiedBefore', 'minSize'])(
		'a filter is not lost when the expression of %s gives nothing',
		(name) => {
			const entered = (path: string) => (path === `options.${name}` ? '={{ $json.x }}' : undefined);
			expect(() => filter.read({ ...sourceOf({}), entered })).toThrow(/gave nothing for this item/);
		},
	);
});
