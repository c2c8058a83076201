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

	it('an object may have 10 tags and no more', () => {
		const read = (count: number) =>
			metadataAndTags.read(sourceOf({ 'options.tags.tag': pairs(count) })).tags;
		expect(Object.keys(read(10) ?? {})).toHaveLength(10);
		expect(() => read(11)).toThrow('The object has 11 tags, but S3 takes at most 10');
	});

	it('an object may have more than 10 entries of metadata', () => {
		const { metadata } = metadataAndTags.read(sourceOf({ 'options.metadata.entry': pairs(11) }));
		expect(Object.keys(metadata ?? {})).toHaveLength(11);
	});
});
