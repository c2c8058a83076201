import type { OptionGroup } from '../parameters/OptionGroup';
import { labelOf } from '../parameters/label';
import { checkEntered, readNumber, readText } from '../parameters/read';

/** Objects in one execution unless the option says otherwise, and at most. */
const OBJECTS = { min: 1, max: 5000, whole: true };
const DEFAULT = 1000;

/** Which objects of the watched prefix are emitted, and how many at once. */
export const watching: OptionGroup<{ keyMatches: string | undefined; maxObjects: number }> = {
	fields: [
		{
			displayName: 'Key Matches',
			name: 'keyMatches',
			type: 'string',
			default: '',
			placeholder: 'e.g. **/*.pdf',
			description:
				'A pattern for the whole key: * is any text without a slash, ** any text, ? one character, and ^ takes the next character as it is',
		},
		{
			displayName: 'Max Objects per Execution',
			name: 'maxObjects',
			type: 'number',
			typeOptions: { minValue: OBJECTS.min, maxValue: OBJECTS.max },
			default: DEFAULT,
			description: 'If more objects have appeared, the next poll emits the others',
		},
	],
	read: (source) => {
		const keyMatches = readText(source, 'options.keyMatches');
		// Without its pattern the node would emit everything.
		if (keyMatches === undefined) {
			checkEntered(source.entered('options.keyMatches'), labelOf(source, 'options.keyMatches'));
		}
		return {
			keyMatches,
			maxObjects: readNumber(source, 'options.maxObjects', OBJECTS) ?? DEFAULT,
		};
	},
};
