import type { OptionGroup } from './OptionGroup';
import { notLost, readNumber } from './read';

const BOUNDS = { min: 1, max: 1_000_000, whole: true };
const DEFAULT = 1000;
const NAME = 'options.maxObjects';

/** How many objects may be deleted at most. */
export const maxObjects: OptionGroup<number> = {
	fields: [
		{
			displayName: 'Max Objects',
			name: 'maxObjects',
			type: 'number',
			typeOptions: { minValue: BOUNDS.min, maxValue: BOUNDS.max },
			default: DEFAULT,
			description: 'If there are more to delete, the node fails before anything is deleted',
		},
	],
	read: (source) => notLost(source, NAME, readNumber(source, NAME, BOUNDS)) ?? DEFAULT,
};
