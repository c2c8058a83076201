import type { Call } from '../../s3/Call';
import type { OptionGroup } from './OptionGroup';
import { readNumber } from './read';

const SECOND_MS = 1000;
/** Seconds that the field has when it is added. */
const DEFAULT = 60;
/** Seconds. */
const MAX = 24 * 60 * 60;

/** How long what failed is repeated, in milliseconds; undefined: as long as suits the request. */
export const retrying: OptionGroup<Pick<Call, 'retryFor'>> = {
	fields: [
		{
			displayName: 'Retry For (Seconds)',
			name: 'retryFor',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: MAX },
			default: DEFAULT,
			description:
				'How long to repeat requests if the server cannot be reached or fails. 0 gives up at once. Without this option it is about a minute for transfers of objects and 20 seconds for other requests.',
		},
	],
	read: (source) => {
		const seconds = readNumber(source, 'options.retryFor', { min: 0, max: MAX });
		return { retryFor: seconds === undefined ? undefined : seconds * SECOND_MS };
	},
};
