import type { INodeProperties } from 'n8n-workflow';

import { labelOf } from '../../../../nodes/parameters/label';
import { readNumber } from '../../../../nodes/parameters/read';
import { failureOf } from '../../failureOf';
import { sourceOf } from './sourceOf';

const field = (displayName: string, name: string, more: Partial<INodeProperties> = {}) =>
	({ displayName, name, type: 'string', default: '', ...more }) satisfies INodeProperties;

const fields = [
	field('Bucket', 'bucket'),
	field('Options', 'options', {
		options: [
			field('Part Size (MiB)', 'partSizeMb'),
			field('Tags', 'tags', {
				options: [{ displayName: 'Tag', name: 'tag', values: [field('Tag Name', 'name')] }],
			}),
		],
	}),
];

it.each([
	['bucket', 'Bucket'],
	['options.partSizeMb', 'Part Size (MiB)'],
	['options.tags.tag', 'Tag'],
	['options.tags.tag.name', 'Tag Name'],
])('labelOf calls %s as the form does', (name, label) => {
	expect(labelOf({ fields }, name)).toBe(label);
});

it.each([
	['options.startAfter', 'Start After'],
	['authentication', 'Authentication'],
	['bucket.value', 'Value'],
])('labelOf takes the words of %s, which the form does not have', (name, label) => {
	expect(labelOf({ fields }, name)).toBe(label);
	expect(labelOf({}, name)).toBe(label);
});

it('a message calls a field as the form does', () => {
	const source = { ...sourceOf({ 'options.partSizeMb': 'many' }), fields };
	const failure = failureOf(() =>
		readNumber(source, 'options.partSizeMb', { min: 5, max: Infinity }),
	);
	expect(failure.message).toBe('Part Size (MiB) must be a number of at least 5, but is "many"');
});
