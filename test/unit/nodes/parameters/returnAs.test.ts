import { returnAs } from '../../../../nodes/parameters/returnAs';
import { failureOf } from '../../failureOf';
import { sourceOf } from './sourceOf';

it.each([
	[{}, { as: 'file', cutAt: undefined }],
	[{ as: 'json' }, { as: 'json', cutAt: undefined }],
	[
		{ as: 'text', maxTextBytes: 500 },
		{ as: 'text', cutAt: 500 },
	],
])('returnAs reads %j', (values, read) => {
	expect(returnAs.read(sourceOf(values))).toEqual(read);
});

it('returnAs refuses so few bytes that a character might not fit', () => {
	const failure = failureOf(() => returnAs.read(sourceOf({ maxTextBytes: 1 })));
	expect(failure.message).toContain('must be a whole number from 100');
});

it('returnAs gives a model that leaves out what it is to define text, and not without end', () => {
	const entered = { as: "={{ $fromAI('as') }}", maxTextBytes: "={{ $fromAI('bytes') }}" };
	const read = { as: 'text', cutAt: 20_000 };
	expect(returnAs.read(sourceOf({}, 'UTC', entered))).toEqual(read);
	expect(returnAs.read(sourceOf({ maxTextBytes: 500 })).as).toBe('text');
});
