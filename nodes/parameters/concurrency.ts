import type { OptionGroup } from './OptionGroup';
import { readNumber } from './read';

/** What the field has when it is added. */
const DEFAULT = 8;
const MAX = 100;

/** How many input items are worked on at once; undefined: as many as the connection takes. */
export const concurrency: OptionGroup<number | undefined> = {
	fields: [
		{
			displayName: 'Concurrency',
			name: 'concurrency',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: MAX },
			default: DEFAULT,
			description:
				'How many input items to process at once. Without this option the node finds out how many the server takes, up to 64. The value of the first item is used for all. The output keeps the order of the items.',
		},
	],
	read: (source) => readNumber(source, 'options.concurrency', { min: 1, max: MAX, whole: true }),
};
