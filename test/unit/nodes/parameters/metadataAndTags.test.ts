import {
	copiedMetadataAndTags,
	metadataAndTags,
} from '../../../../nodes/parameters/metadataAndTags';
import { eachOnce } from '../../../../nodes/parameters/offeredBeside';
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

describe('metadata and tags of a copy', () => {
	it('metadata and tags of a copy are those of the source if nothing is said', () => {
		expect(copiedMetadataAndTags.read(sourceOf({}))).toEqual({
			metadataDirective: 'keep',
			tagsDirective: 'keep',
		});
	});

	it('metadata and tags of a copy can be new ones', () => {
		const source = sourceOf({
			'options.metadata': 'replace',
			'options.tags': 'drop',
			'options.newMetadata.entry': [{ name: 'a', value: '1' }],
			'options.newTags.tag': [{ name: 'b', value: '2' }],
		});
		expect(copiedMetadataAndTags.read(source)).toEqual({
			metadataDirective: 'replace',
			tagsDirective: 'drop',
			metadata: { a: '1' },
			tags: { b: '2' },
		});
	});

	it('metadata and tags of a copy have fields for new ones beside what becomes of the old ones', () => {
		const shown = eachOnce(copiedMetadataAndTags.fields).map(({ displayName }) => displayName);
		expect(shown).toEqual(['Metadata', 'Tags', 'New Metadata', 'New Tags']);
	});
});
