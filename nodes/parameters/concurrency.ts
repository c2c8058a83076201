import type { OptionGroup } from './OptionGroup';
import { readNumber } from './read';

const DEFAULT = 8;
const MAX = 100;

/** How many input items are worked on at once. */
export const concurrency: OptionGroup<number> = {
	fields: [
		{
			displayName: 'Concurrency',
			name: 'concurrency',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: MAX },
			default: DEFAULT,
			description:
				'How many input items to work on at once. Taken from the first item; the output keeps the order of the items.',
		},
	],
	read: (source) =>
		readNumber(source, 'options.concurrency', { min: 1, max: MAX, whole: true }) ?? DEFAULT,
};
