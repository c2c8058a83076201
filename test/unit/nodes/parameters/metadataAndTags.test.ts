import { metadataAndTags } from '../../../../nodes/parameters/metadataAndTags';
import { sourceOf } from './sourceOf';

const pairs = (count: number) =>
	Array.from({ length: count }, (_, n) => ({ name: `name${n}`, value: `value${n}` }));

describe('metadata and tags', () => {
	it('metadata and tags are read from their own collections', () => {
		const source = sourceOf({
			'options.metadata.entry': [{ name: 'a', value: '1' }],
			'options.tags.tag': [{ name: 'b', value: '2' }],
		});
		expect(metadataAndTags.read(source)).toEqual({ metadata: { a: '1' }, tags: { b: '2' } });
	});

	it('an object may have more than 10 entries of metadata', () => {
		const { metadata } = metadataAndTags.read(sourceOf({ 'options.metadata.entry': pairs(11) }));
		expect(Object.keys(metadata ?? {})).toHaveLength(11);
	});
});
