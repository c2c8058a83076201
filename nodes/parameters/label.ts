import type { INodeProperties } from 'n8n-workflow';

import type { ParameterSource } from './ParameterSource';

/**
 * What the form calls a parameter, such as `Part Size (MiB)`; if the form does not have it, the words of its name.
 *
 * @param name path of the parameter, e.g. `options.partSizeMb`
 */
export function labelOf({ fields = [] }: Pick<ParameterSource, 'fields'>, name: string): string {
	return displayNameAt(fields, name.split('.')) ?? wordsOf(name);
}

function displayNameAt(
	fields: NonNullable<INodeProperties['options']>,
	[name, ...inside]: readonly string[],
): string | undefined {
	const field = fields.find((one) => one.name === name);
	if (field === undefined || !('displayName' in field)) return undefined;
	if (inside.length === 0) return field.displayName;
	return displayNameAt('values' in field ? field.values : (field.options ?? []), inside);
}

/** `options.startAfter` becomes `Start After`. */
function wordsOf(name: string): string {
	const words = (name.split('.').at(-1) ?? name).replaceAll(/([A-Z])/g, ' $1');
	return words.charAt(0).toUpperCase() + words.slice(1);
}
