import { overwriteCondition, readConditions } from '../../../../nodes/parameters/conditions';
import { sourceOf } from './sourceOf';

describe('the conditions for reading an object', () => {
	it('each condition for reading is read from its own option', () => {
		const source = sourceOf({
			'options.ifMatch': '"a"',
			'options.ifNoneMatch': 'b',
			'options.ifModifiedSince': '2026-01-31T08:00:00Z',
			'options.ifUnmodifiedSince': '2026-02-28T08:00:00Z',
		});
		expect(readConditions.read(source)).toEqual({
			ifMatch: '"a"',
			ifNoneMatch: 'b',
			ifModifiedSince: new Date('2026-01-31T08:00:00Z'),
			ifUnmodifiedSince: new Date('2026-02-28T08:00:00Z'),
		});
	});
});

describe('the condition for overwriting an object', () => {
	const read = (overwrite: string, etag: string) =>
		overwriteCondition.read(sourceOf({ 'options.overwrite': overwrite, 'options.etag': etag }));

	it('the condition for overwriting has the ETag without the spaces around it', () => {
		expect(read('ifMatch', ' "abc" ')).toEqual({ overwrite: 'ifMatch', etag: '"abc"' });
	});

	it.each(['', 'always', 'never'])(
		'the condition for overwriting has no ETag when Overwrite is %p',
		(overwrite) => {
			expect(read(overwrite, 'abc')).toEqual({
				overwrite: overwrite || undefined,
				etag: undefined,
			});
		},
	);
});
