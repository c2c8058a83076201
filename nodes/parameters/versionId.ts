import type { OptionGroup } from './OptionGroup';
import { readEntered } from './read';

/** Which version of an object is meant; undefined: the newest. */
export const versionId: OptionGroup<string | undefined> = {
	fields: [
		{
			displayName: 'Version ID',
			name: 'versionId',
			type: 'string',
			default: '',
			description: 'The version of the object. Leave it empty for the newest.',
		},
	],
	read: (source) => readEntered(source, 'options.versionId'),
};
