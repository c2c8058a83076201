import { CHANGES, type Change, type ObjectEvent } from '../../s3/events/ObjectEvent';
import { keyGlob } from '../../s3/list/keyGlob';
import { S3Failure } from '../../s3/S3Failure';
import { keyMatchesField, textOfFilter } from './filter';
import type { OptionGroup } from './OptionGroup';
import { notLost, readValue } from './read';

/** Tells which events are meant. */
export const eventFilter: OptionGroup<(event: ObjectEvent) => boolean> = {
	fields: [
		{
			displayName: 'Events',
			name: 'events',
			type: 'multiOptions',
			options: [
				{
					name: 'Created',
					value: 'created',
					description: 'An object is new, or has new content',
				},
				{
					name: 'Deleted',
					value: 'deleted',
					description: 'An object was deleted, or a delete marker hides it',
				},
				{
					name: 'Other',
					value: 'other',
					description: 'Other events, such as changes of tags and ACLs',
				},
				{
					name: 'Restored',
					value: 'restored',
					description: 'An archived object can be read again',
				},
			],
			default: ['created'],
			description: 'Only take events of these kinds. Without this option, all are taken.',
		},
		keyMatchesField,
		{
			displayName: 'Prefix',
			name: 'prefix',
			type: 'string',
			default: '',
			placeholder: 'e.g. incoming/',
			description: 'Only take events of objects whose key begins with this',
		},
	],
	read: (source) => {
		const changes = notLost(
			source,
			'options.events',
			changesIn(readValue(source, 'options.events')),
		);
		const prefix = textOfFilter(source, 'prefix') ?? '';
		const pattern = textOfFilter(source, 'keyMatches');
		const matches = pattern === undefined ? () => true : keyGlob(pattern);
		return ({ key, change }) =>
			key.startsWith(prefix) && matches(key) && (changes?.includes(change) ?? true);
	},
};

/** @throws {S3Failure} of kind `invalid` when an expression gave something else than kinds of events */
function changesIn(value: unknown): readonly Change[] | undefined {
	const chosen: unknown[] = Array.isArray(value) ? value : [value];
	if (chosen.length === 0 || value === undefined || value === '') return undefined;
	const isChange = (one: unknown): one is Change => CHANGES.some((change) => change === one);
	if (chosen.every(isChange)) return chosen;
	throw S3Failure.invalid(
		`Events must be some of ${CHANGES.join(', ')}`,
		'Choose the kinds of events in the option Events, or remove it.',
	);
}
