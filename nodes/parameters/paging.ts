import type { OptionGroup } from './OptionGroup';
import { readBoolean, readNumber } from './read';

/** More items than this freeze n8n's editor. */
export const MAX_RESULTS = 100_000;
const DEFAULT_LIMIT = 50;

/** How many results to return at most; undefined: all. */
export const paging: OptionGroup<number | undefined> = {
	fields: [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: MAX_RESULTS },
			default: 50,
			displayOptions: { show: { returnAll: [false] } },
			description: 'Max number of results to return',
		},
	],
	read: (source) => {
		if (readBoolean(source, 'returnAll')) return undefined;
		const bounds = { min: 1, max: MAX_RESULTS, whole: true };
		return readNumber(source, 'limit', bounds) ?? DEFAULT_LIMIT;
	},
};
