import type { ListRequest } from '../../s3/list/listObjects';
import type { OptionGroup } from './OptionGroup';
import type { ParameterSource } from './ParameterSource';
import { readBoolean, readText } from './read';

/** Where a listing begins, what it puts together, and what it tells beside. */
export const listingOptions: OptionGroup<
	Pick<ListRequest, 'delimiter' | 'fetchOwner' | 'startAfter'>
> = {
	fields: [
		{
			displayName: 'Delimiter',
			name: 'delimiter',
			type: 'string',
			default: '',
			placeholder: 'e.g. /',
			description:
				'Groups keys like folders: keys that are the same up to the next delimiter are listed as one common prefix',
		},
		{
			displayName: 'Start After',
			name: 'startAfter',
			type: 'string',
			default: '',
			placeholder: 'e.g. invoices/2026/0815.pdf',
			description:
				'Only list keys that sort after this one. S3 sorts keys by their bytes in UTF-8, upper case before lower case.',
		},
		{
			displayName: 'Partition Columns',
			name: 'partitionColumns',
			type: 'boolean',
			default: false,
			description:
				'Whether to add the name=value parts of the key, such as year=2026/month=08, as an object named partitions. In a CSV file it is a column of JSON.',
		},
		{
			displayName: 'Fetch Owner',
			name: 'fetchOwner',
			type: 'boolean',
			default: false,
			description: 'Whether to also return the owner of each object',
		},
	],
	read: (source) => ({
		delimiter: readText(source, 'options.delimiter'),
		startAfter: readText(source, 'options.startAfter'),
		fetchOwner: readBoolean(source, 'options.fetchOwner'),
	}),
};

/** Whether the rows of a listing have the partitions in their keys. */
export const readsPartitions = (source: ParameterSource): boolean =>
	readBoolean(source, 'options.partitionColumns');
