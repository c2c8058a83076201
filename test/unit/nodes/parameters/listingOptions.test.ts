import { listingOptions, readsPartitions } from '../../../../nodes/parameters/listingOptions';
import { sourceOf } from './sourceOf';

it('listingOptions and readsPartitions read what its fields were given', () => {
	const values = { delimiter: '/', startAfter: 'a/b', fetchOwner: true, partitionColumns: true };
	expect(listingOptions.fields.map(({ name }) => name).sort()).toEqual(Object.keys(values).sort());
	const source = sourceOf({
		'options.delimiter': '/',
		'options.startAfter': 'a/b',
		'options.fetchOwner': true,
		'options.partitionColumns': true,
	});
	const { partitionColumns, ...read } = values;
	expect(listingOptions.read(source)).toEqual(read);
	expect(readsPartitions(source)).toBe(partitionColumns);
});

it('listingOptions asks for nothing without them', () => {
	const source = sourceOf({});
	expect(listingOptions.read(source)).toEqual({ fetchOwner: false });
	expect(readsPartitions(source)).toBe(false);
});
