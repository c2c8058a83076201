import { withoutUndefined } from '../../../../nodes/files/json';

it('withoutUndefined keeps every member that is not undefined', () => {
	const json = withoutUndefined({
		a: undefined,
		b: null,
		c: '',
		d: 0,
		e: false,
		f: { g: undefined },
	});
	expect(Object.keys(json)).toEqual(['b', 'c', 'd', 'e', 'f']);
});
