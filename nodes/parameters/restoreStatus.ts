import type { ListRequest } from '../../s3/list/listObjects';
import type { OptionGroup } from './OptionGroup';
import { readBoolean } from './read';

/** Whether a listing tells how far restores are. */
export const restoreStatus: OptionGroup<Pick<ListRequest, 'includeRestoreStatus'>> = {
	fields: [
		{
			displayName: 'Include Restore Status',
			name: 'includeRestoreStatus',
			type: 'boolean',
			default: false,
			description:
				'Whether to also return how far the restore of each archived object is. One request covers 1,000 objects.',
		},
	],
	read: (source) => ({
		includeRestoreStatus: readBoolean(source, 'options.includeRestoreStatus'),
	}),
};
