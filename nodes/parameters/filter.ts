import type { INodeProperties } from 'n8n-workflow';

import type { ListRequest } from '../../s3/list/listObjects';
import { S3Failure } from '../../s3/S3Failure';
import type { OptionGroup } from './OptionGroup';
import type { ParameterSource } from './ParameterSource';
import { notLost, readDate, readNumber, readSafeguard, readText } from './read';

export const keyMatchesField: INodeProperties = {
	displayName: 'Key Matches',
	name: 'keyMatches',
	type: 'string',
	default: '',
	placeholder: 'e.g. **/*.pdf',
	description:
		'A pattern for the whole key: * stands for any text without a slash, ** for any text, ? for one character, and ^ takes the next character as it is. **/*.pdf stands for the PDFs in all folders.',
};

/** Which objects of a listing are meant. */
export const filter: OptionGroup<
	Pick<
		ListRequest,
		| 'excludePrefixItself'
		| 'keyMatches'
		| 'maxSize'
		| 'minSize'
		| 'modifiedAfter'
		| 'modifiedBefore'
	>
> = {
	fields: [
		keyMatchesField,
		{
			displayName: 'Modified After',
			name: 'modifiedAfter',
			type: 'dateTime',
			default: '',
			description:
				'Only objects that were modified at this moment or later. The expression {{ $now.minus({ days: 7 }) }} stands for the last seven days.',
		},
		{
			displayName: 'Modified Before',
			name: 'modifiedBefore',
			type: 'dateTime',
			default: '',
			description:
				'Only objects that were modified before this moment. The expression {{ $now.minus({ days: 7 }) }} stands for those that are older than seven days.',
		},
		{
			displayName: 'Min Size',
			name: 'minSize',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'Only objects of at least this many bytes',
		},
		{
			displayName: 'Max Size',
			name: 'maxSize',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'Only objects of at most this many bytes. 0 means no limit.',
		},
		{
			displayName: 'Exclude Prefix Itself',
			name: 'excludePrefixItself',
			type: 'boolean',
			default: false,
			description:
				'Whether to leave out the object whose key is the prefix itself; consoles make such an object for a folder',
		},
	],
	read: (source) => {
		const bytes = { min: 0, max: Infinity };
		const keyMatches = textOfFilter(source, 'keyMatches');
		const read = {
			maxSize: readNumber(source, 'options.maxSize', bytes),
			minSize: readNumber(source, 'options.minSize', bytes),
			modifiedAfter: readDate(source, 'options.modifiedAfter'),
			modifiedBefore: readDate(source, 'options.modifiedBefore'),
		};
		for (const [name, value] of Object.entries(read)) {
			if (value === undefined) checkNotLost(source, name);
		}
		return {
			keyMatches,
			...read,
			excludePrefixItself: readSafeguard(source, 'options.excludePrefixItself'),
			// The editor fills a new option with its default, with which nobody means empty objects only.
			maxSize: read.maxSize || undefined,
		};
	},
};

/** The text of an option that only lets some objects through; undefined without the option. */
export function textOfFilter(source: ParameterSource, name: string): string | undefined {
	const text = readText(source, `options.${name}`);
	if (text === undefined) checkNotLost(source, name);
	return text;
}

/**
 * An option that was added and not filled in lets through everything.
 *
 * @throws {S3Failure} of kind `invalid` if that would delete what was to be left out
 */
export function checkFilledIn(source: ParameterSource): void {
	const options = Object(source.entered('options')) as Record<string, unknown>;
	const empty = filter.fields.find(({ name }) => options[name] === '' || options[name] === null);
	if (empty === undefined) return;
	throw S3Failure.invalid(
		`${empty.displayName} is empty, so nothing was deleted`,
		`Fill in ${empty.displayName}, or remove this option: without it all objects under the prefix are meant.`,
	);
}

/** A filter that is lost would let through everything, also to be deleted. */
function checkNotLost(source: ParameterSource, name: string): void {
	notLost(source, `options.${name}`, undefined);
}
