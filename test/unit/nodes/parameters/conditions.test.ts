import {
	copyCondition,
	overwriteCondition,
	readConditions,
} from '../../../../nodes/parameters/conditions';
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
	const read = (overwrite: string, etag: string, entered: object = {}) =>
		overwriteCondition.read(
			sourceOf({ 'options.overwrite': overwrite, 'options.etag': etag }, 'UTC', { ...entered }),
		);

	it('the condition for overwriting has the ETag without the spaces around it', () => {
		expect(read('ifMatch', ' "abc" ')).toEqual({ overwrite: 'ifMatch', etag: '"abc"' });
	});

	it.each(['', 'always', 'never'])(
		'the condition for overwriting is refused with an ETag when Overwrite is %p',
		(overwrite) => {
			expect(read(overwrite, '')).toEqual({ overwrite: overwrite || undefined, etag: undefined });
			expect(() => read(overwrite, 'abc')).toThrow(
				'Overwrite Only ETag is given, but Overwrite is not set to If ETag Matches',
			);
		},
	);

	it('the condition for overwriting leaves the ETag to other items if Overwrite is an expression', () => {
		const entered = { 'options.overwrite': '={{ $json.overwrite }}' };
		expect(read('always', 'abc', entered)).toEqual({ overwrite: 'always', etag: undefined });
		expect(read('ifMatch', 'abc', entered)).toEqual({ overwrite: 'ifMatch', etag: 'abc' });
	});
});

describe('the condition for overwriting with a copy', () => {
	it('the condition for overwriting with a copy can be that its content differs', () => {
		const source = sourceOf({ 'options.overwrite': 'ifDifferent' });
		expect(copyCondition.read(source)).toEqual({ overwrite: 'ifDifferent', etag: undefined });
	});

	it('the condition for overwriting with a copy has the ETag of the object that may be overwritten', () => {
		const source = sourceOf({ 'options.overwrite': 'ifMatch', 'options.etag': ' abc ' });
		expect(copyCondition.read(source)).toEqual({ overwrite: 'ifMatch', etag: 'abc' });
	});

	it('the condition for overwriting with a copy offers one more than that of a put', () => {
		const offered = ({ fields }: typeof overwriteCondition | typeof copyCondition) =>
			fields.flatMap(({ options = [] }) =>
				options.flatMap((option) => ('value' in option ? [option.value] : [])),
			);
		expect(offered(copyCondition)).toEqual([...offered(overwriteCondition), 'ifDifferent']);
	});
});
