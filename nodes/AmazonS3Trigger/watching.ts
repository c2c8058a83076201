import type { PrefixRequest } from '../../s3/watch/pollPrefix';
import { keyMatchesField, textOfFilter } from '../parameters/filter';
import type { OptionGroup } from '../parameters/OptionGroup';
import { notLost, readBoolean, readNumber } from '../parameters/read';

/** Objects in one execution: unless the option says otherwise, and at most. */
const DEFAULT = 1000;
const OBJECTS = { min: 1, max: 5000, whole: true };
/** Seconds. */
const AGE = { min: 0, max: 24 * 60 * 60 };

/** Which objects of the watched prefix are emitted, and how many at once. */
export const watching: OptionGroup<
	Pick<PrefixRequest, 'existing' | 'keyMatches' | 'maxObjects' | 'minAge'>
> = {
	fields: [
		keyMatchesField,
		{
			displayName: 'Include Existing Objects',
			name: 'existing',
			type: 'boolean',
			default: false,
			description:
				'Whether the first poll also emits the objects that exist already. This matters when the workflow is activated for the first time, or with another bucket, prefix or pattern.',
		},
		{
			displayName: 'Max Objects per Execution',
			name: 'maxObjects',
			type: 'number',
			typeOptions: { minValue: OBJECTS.min, maxValue: OBJECTS.max },
			default: DEFAULT,
			description: 'If more objects have appeared, the next poll emits the others',
		},
		{
			displayName: 'Min Age (Seconds)',
			name: 'minAge',
			type: 'number',
			typeOptions: { minValue: AGE.min, maxValue: AGE.max },
			default: 60,
			description:
				'How long an object must stay unmodified before it is emitted, for writers that write an object several times. Without this option it is emitted at once.',
		},
	],
	read: (source) => ({
		keyMatches: textOfFilter(source, 'keyMatches'),
		existing: readBoolean(source, 'options.existing'),
		maxObjects: readNumber(source, 'options.maxObjects', OBJECTS) ?? DEFAULT,
		// Without it objects would be emitted that are still being written.
		minAge: notLost(source, 'options.minAge', readNumber(source, 'options.minAge', AGE)) ?? 0,
	}),
};
